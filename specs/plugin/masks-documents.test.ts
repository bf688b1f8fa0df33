import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { masked, textOf, type Path, type Step } from './support/mask-model.ts'
import { MaskRoom } from './support/masks.ts'

let room: MaskRoom
beforeAll(async () => {
  room = await MaskRoom.open()
})

test('members of a name are masked at any depth, in any case, whatever their value is', () => {
  const card = { Number: '4111', cvc: 123, exp: { number: [1, 2], month: null } }

  expect(room.json({ a: [{ card }], NUMBER: null, numbers: 1 }, 'number', 'CVC')).toEqual({
    a: [{ card: { Number: '*****', cvc: '*****', exp: { number: '*****', month: null } } }],
    NUMBER: '*****',
    numbers: 1,
  })
})

test('a name written with escapes is the name it says', () => {
  const document = String.raw`{"p\u0061ssword":"x","pass\u0057ord":1,"passwor\u0064\u0073":2}`

  expect(room.mask(room.plugin.exports.json, document, ['password'])).toBe(
    String.raw`{"p\u0061ssword":"*****","pass\u0057ord":"*****","passwor\u0064\u0073":2}`,
  )
})

test('of two members of a name both are masked', () => {
  expect(room.mask(room.plugin.exports.json, '{"a":1,"a":{"a":2}}', ['a'])).toBe(
    '{"a":"*****","a":"*****"}',
  )
})

test('white space stays, and nothing else of a document changes', () => {
  const document = ' { "keep" : [ 1.50 , "\\u00e9" ] ,\n "secret" : { "x" : [ ] } , "z" : -0e1 } \n'

  expect(room.mask(room.plugin.exports.json, document, ['secret'])).toBe(
    ' { "keep" : [ 1.50 , "\\u00e9" ] ,\n "secret" : "*****" , "z" : -0e1 } \n',
  )
})

test('a document that is an array is masked like any other', () => {
  expect(room.json([{ a: 1 }, 2], '$[*].a')).toEqual([{ a: '*****' }, 2])
  expect(room.json([{ a: 1 }, 2], '$[1]')).toEqual([{ a: 1 }, '*****'])
  expect(room.json('a', 'a')).toBe('a')
})

const name = fc.constantFrom('a', 'b', 'c', 'A', 'password', 'é', 'x.y', 'longer-than-16-bytes!')

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ name, anywhere: fc.boolean() }) },
  fc.record({ index: fc.nat(2), anywhere: fc.boolean() }),
  fc.record({ anywhere: fc.boolean() }),
)

const paths: fc.Arbitrary<Path[]> = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), {
  maxLength: 5,
})

const { document } = fc.letrec((tie) => ({
  document: fc.oneof(
    { maxDepth: 5 },
    fc.oneof(fc.integer(), fc.string(), fc.boolean(), fc.constant(null)),
    fc.array(tie('document'), { maxLength: 3 }),
    fc.dictionary(name, tie('document'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))

test('any paths mask in any document what they say', () => {
  fc.assert(
    fc.property(document, paths, fc.nat(2), (value, rules, indent) => {
      const text = room.mask(
        room.plugin.exports.json,
        JSON.stringify(value, null, indent),
        rules.map(textOf),
      )
      expect(JSON.parse(text!)).toEqual(masked(value, rules))
    }),
    { numRuns: 1500 },
  )
})

test('what is no JSON is not masked, and what is JSON always: under masks the judgement stays the same', () => {
  const changed = fc.record({
    value: document,
    at: fc.nat(),
    byte: fc.oneof(fc.constantFrom(...Buffer.from('{}[]",:\\ \n0-.eu\0')), fc.nat(255)),
  })
  fc.assert(
    fc.property(changed, paths, ({ value, at, byte }, rules) => {
      const text = Buffer.from(JSON.stringify(value))
      text[at % text.length] = byte
      const start = room.plugin.place(text)
      const isJson = room.plugin.exports.isJson(start, text.length)
      room.plugin.release(start)
      expect(room.mask(room.plugin.exports.json, text, rules.map(textOf)) !== undefined).toBe(
        Boolean(isJson),
      )
    }),
    { numRuns: 1500 },
  )
})

const nested = (depth: number) => `${'{"a":['.repeat(depth)}{"x":"s"}${']}'.repeat(depth)}`

test('documents are masked to a depth of 256', () => {
  expect(room.mask(room.plugin.exports.json, nested(127), ['x', '$..a[1]'])).toBe(
    nested(127).replace('"s"', '"*****"'),
  )
  expect(room.mask(room.plugin.exports.json, nested(128), ['x', '$..a[1]'])).toBeUndefined()
})

test('each line of a document a line is masked; one that is no JSON leaves nothing', () => {
  const { lines } = room.plugin.exports

  expect(room.mask(lines, '{"a":1}\n\n{"b":2,"a":"x"}\r\n[]', ['a'])).toBe(
    '{"a":"*****"}\n\n{"b":2,"a":"*****"}\r\n[]',
  )
  expect(room.mask(lines, '', ['a'])).toBe('')
  for (const text of ['{"a":1}\n{"a":', '{"a":1}\n{"a":\n', 'a\n{"a":1}', 'a\n{"a":1}\n'])
    expect(room.mask(lines, text, ['a'])).toBeUndefined()
})

test('names of any length are masked, and no others', () => {
  for (let length = 1; length < 140; length++) {
    const own = 'n'.repeat(length)
    const others = [
      `${own}n`,
      own.slice(1),
      `${own.slice(1)}x`,
      `x${own.slice(1)}`,
      'n'.repeat(length + 64),
    ]
    const value = Object.fromEntries(
      [...others.filter((each) => each !== ''), own].map((each) => [each, 1]),
    )
    expect(room.json(value, own)).toEqual({ ...value, [own]: '*****' })
    expect(room.json(value, own, 'n'.repeat(300), 'zz')).toEqual({ ...value, [own]: '*****' })
  }
})

test('names that differ only in what is no letter are different names', () => {
  for (const [one = '', other = ''] of ['[{', '@`', ']}', '^~', '_\u007f', '\\|']) {
    const value = { [`a${one}`]: 1, [`a${other}`]: 2 }
    expect(room.json(value, `a${one}`)).toEqual({ [`a${one}`]: '*****', [`a${other}`]: 2 })
  }
})

test('a value that is left out may be of any kind and length, with white space around it', () => {
  for (const value of [
    '1',
    '-1.5e3',
    'true',
    'null',
    '""',
    '"x"',
    `"${'y'.repeat(50)}"`,
    '[]',
    '{}',
    '[1,[2]]',
    '{"b":{"a":1}}',
  ]) {
    for (const space of ['', ' ', '\n\t ']) {
      const text = `{${space}"a"${space}:${space}${value}${space},"b":${value}${space}}`
      expect(room.mask(room.plugin.exports.json, text, ['a'])).toBe(
        text.replace(value, '"*****"').replace('{"b":{"a":1}}', '{"b":{"a":"*****"}}'),
      )
      const list = `[${space}${value}${space},${space}${value}${space}]`
      expect(room.mask(room.plugin.exports.json, list, ['$[1]'])).toBe(
        `[${space}${value}${space},${space}"*****"${space}]`,
      )
      expect(room.mask(room.plugin.exports.json, list, ['$[0]'])).toBe(
        `[${space}"*****"${space},${space}${value}${space}]`,
      )
    }
  }
})

test.each([
  ['\n{"a":1}', '\n{"a":"*****"}'],
  ['{"a":1}\n', '{"a":"*****"}\n'],
  ['{"a":1}', '{"a":"*****"}'],
  ['  {"a":1} \n', '{"a":"*****"} \n'],
  [' \n\n{"a":1}', '\n\n{"a":"*****"}'],
  ['   ', ''],
  ['1\n2', '1\n2'],
  ['{"a":1}{"a":2}', undefined],
  ['{"a":\n1}', undefined],
  ['x', undefined],
])('lines %j are masked: %j', (text, expected) => {
  expect(room.mask(room.plugin.exports.lines, text, ['a'])).toBe(expected)
})

test('names and queries without escapes are not copied to be read', () => {
  const names = Array.from({ length: 3000 }, (_, i) => [`name${i}`, i])
  const query = `{ a${' b'.repeat(40_000)} }`
  for (const value of [Object.fromEntries(names), { query }, [{ query }]])
    expect(room.json(value, 'a', '$.b.c')).toEqual(value)
})
