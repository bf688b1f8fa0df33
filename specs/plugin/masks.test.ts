import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { masked, textOf, type Path, type Step } from './support/mask-model.ts'
import { Room } from './support/room-memory.ts'

type Masker = (start: number, length: number, to: number) => number

interface Exports {
  growthOfJson(): number
  growthOfPairs(): number
  growthOfCookies(): number
  isJson(start: number, length: number): number
  mayHaveParameters(start: number, length: number): number
  clearRules(): void
  addRule(start: number, length: number, cookies: number): number
  addMediaType(start: number, length: number): number
  ruleAt(list: number, index: number): number
  clearMasks(): void
  addMask(start: number, length: number): number
  addCookie(start: number, length: number): void
  errorPosition(): number
  errorReason(): number
  json: Masker
  lines: Masker
  form: Masker
  uri: Masker
  cookie: Masker
  setCookie: Masker
  glob(start: number, length: number, pattern: number, patternLength: number): number
}

let plugin: Room<Exports>
beforeAll(async () => {
  plugin = await Room.compile<Exports>('masks')
})

const GUARD = Buffer.alloc(16, 0x5a)

/** What is written of a text under these masks; undefined when it cannot be masked. */
function mask(masker: Masker, text: string | Uint8Array, masks: string[]): string | undefined {
  plugin.exports.clearMasks()
  for (const name of masks) {
    const at = plugin.place(Buffer.from(name))
    expect(plugin.exports.addMask(at, Buffer.byteLength(name)), name).toBeTruthy()
    plugin.release(at)
  }
  return run(masker, text)
}

function growthOf(masker: Masker): number {
  const { json, lines, form, uri, growthOfJson, growthOfPairs, growthOfCookies } = plugin.exports
  if (masker === json || masker === lines) return growthOfJson()
  return masker === form || masker === uri ? growthOfPairs() : growthOfCookies()
}

function run(masker: Masker, text: string | Uint8Array): string | undefined {
  const bytes = Buffer.from(text)
  const [start, room] = [plugin.place(bytes), bytes.length * growthOf(masker) + 16]
  const to = plugin.allocate(room + GUARD.length)
  plugin.write(to + room, GUARD)
  const end = masker(start, bytes.length, to)
  expect(plugin.read(to + room, GUARD.length).equals(GUARD)).toBe(true)
  const out = end ? plugin.read(to, end - to).toString() : undefined
  plugin.release(start, to)
  return out
}

const json = (value: unknown, ...masks: string[]): unknown => {
  const text = mask(plugin.exports.json, JSON.stringify(value), masks)
  return text === undefined ? undefined : JSON.parse(text)
}

test('members of a name are masked at any depth, in any case, whatever their value is', () => {
  const card = { Number: '4111', cvc: 123, exp: { number: [1, 2], month: null } }

  expect(json({ a: [{ card }], NUMBER: null, numbers: 1 }, 'number', 'CVC')).toEqual({
    a: [{ card: { Number: '*****', cvc: '*****', exp: { number: '*****', month: null } } }],
    NUMBER: '*****',
    numbers: 1,
  })
})

test('a name written with escapes is the name it says', () => {
  const document = String.raw`{"p\u0061ssword":"x","pass\u0057ord":1,"passwor\u0064\u0073":2}`

  expect(mask(plugin.exports.json, document, ['password'])).toBe(
    String.raw`{"p\u0061ssword":"*****","pass\u0057ord":"*****","passwor\u0064\u0073":2}`,
  )
})

test('of two members of a name both are masked', () => {
  expect(mask(plugin.exports.json, '{"a":1,"a":{"a":2}}', ['a'])).toBe('{"a":"*****","a":"*****"}')
})

test('white space stays, and nothing else of a document changes', () => {
  const document = ' { "keep" : [ 1.50 , "\\u00e9" ] ,\n "secret" : { "x" : [ ] } , "z" : -0e1 } \n'

  expect(mask(plugin.exports.json, document, ['secret'])).toBe(
    ' { "keep" : [ 1.50 , "\\u00e9" ] ,\n "secret" : "*****" , "z" : -0e1 } \n',
  )
})

test('a path masks what it leads to, and only that', () => {
  const order = {
    card: { number: '4111', name: 'A' },
    number: 7,
    items: [
      { ssn: 1, qty: 2 },
      { ssn: 3, sub: { ssn: 4 } },
    ],
    auth: { token: 'a', deep: [{ token: 'b' }] },
  }

  expect(json(order, '$.card.number', '$.items[*].ssn', '$..token')).toEqual({
    card: { number: '*****', name: 'A' },
    number: 7,
    items: [
      { ssn: '*****', qty: 2 },
      { ssn: '*****', sub: { ssn: 4 } },
    ],
    auth: { token: '*****', deep: [{ token: '*****' }] },
  })
  expect(json(order, "$['card']")).toMatchObject({ card: '*****', number: 7 })
  expect(json(order, '$.items[1].sub')).toMatchObject({ items: [{ ssn: 1 }, { sub: '*****' }] })
  expect(json(order, '$.auth.*')).toMatchObject({ auth: { token: '*****', deep: '*****' } })
  expect(json(order, '$.auth..*')).toMatchObject({ auth: { token: '*****', deep: '*****' } })
})

test('a path of members goes through arrays, too', () => {
  expect(json({ items: [{ ssn: 1 }, [{ ssn: 2 }]] }, '$.items.ssn')).toEqual({
    items: [{ ssn: '*****' }, [{ ssn: '*****' }]],
  })
})

test('a document that is an array is masked like any other', () => {
  expect(json([{ a: 1 }, 2], '$[*].a')).toEqual([{ a: '*****' }, 2])
  expect(json([{ a: 1 }, 2], '$[1]')).toEqual([{ a: 1 }, '*****'])
  expect(json('a', 'a')).toBe('a')
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
      const text = mask(plugin.exports.json, JSON.stringify(value, null, indent), rules.map(textOf))
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
      const start = plugin.place(text)
      const isJson = plugin.exports.isJson(start, text.length)
      plugin.release(start)
      expect(mask(plugin.exports.json, text, rules.map(textOf)) !== undefined).toBe(Boolean(isJson))
    }),
    { numRuns: 1500 },
  )
})

const nested = (depth: number) => `${'{"a":['.repeat(depth)}{"x":"s"}${']}'.repeat(depth)}`

test('documents are masked to a depth of 256', () => {
  expect(mask(plugin.exports.json, nested(127), ['x', '$..a[1]'])).toBe(
    nested(127).replace('"s"', '"*****"'),
  )
  expect(mask(plugin.exports.json, nested(128), ['x', '$..a[1]'])).toBeUndefined()
})

test.each<[text: string, position: number, reason: string]>([
  ['', 0, 'a name is expected'],
  ['$', 1, 'a dot or [ is expected'],
  ['$x', 1, 'a dot or [ is expected'],
  ['$.', 2, 'a name is expected'],
  ['$.a.', 4, 'a name is expected'],
  ['$...a', 3, 'a name is expected'],
  ['$.a[', 4, 'a name in quotes, the number of an element or * is expected'],
  ['$.a[-1]', 4, 'a name in quotes, the number of an element or * is expected'],
  ['$.a[?(@.b)]', 4, 'a name in quotes, the number of an element or * is expected'],
  ['$.a[0:2]', 5, '] is expected'],
  ['$.a[1234567]', 4, 'the number has more than 6 digits'],
  ["$['a", 4, 'the name is not closed by its quote'],
  ["$['a'", 5, '] is expected'],
  ["$['']", 3, 'a name is expected'],
  ['a\tb', 1, 'this character is not allowed'],
  [`$${'.a'.repeat(256)}`, 513, 'all paths together have more than 255 parts'],
])('%j is no mask, and why', (text, position, reason) => {
  plugin.exports.clearMasks()
  const at = plugin.place(Buffer.from(text))
  expect(plugin.exports.addMask(at, text.length)).toBe(0)
  plugin.release(at)

  const span = plugin.read(plugin.exports.errorReason(), 8)
  const said = plugin.read(span.readUInt32LE(0), span.readUInt32LE(4)).toString()
  expect([plugin.exports.errorPosition(), said]).toEqual([position, reason])
})

test('each line of a document a line is masked; one that is no JSON leaves nothing', () => {
  const { lines } = plugin.exports

  expect(mask(lines, '{"a":1}\n\n{"b":2,"a":"x"}\r\n[]', ['a'])).toBe(
    '{"a":"*****"}\n\n{"b":2,"a":"*****"}\r\n[]',
  )
  expect(mask(lines, '', ['a'])).toBe('')
  expect(mask(lines, '{"a":1}\n{"a":', ['a'])).toBeUndefined()
})

test('fields of a form are masked by name, decoded, in any case, wherever a part of it is the name', () => {
  const { form } = plugin.exports

  expect(mask(form, 'a=1&Pass%57ord=s+e%26&b=&password', ['password'])).toBe(
    'a=1&Pass%57ord=*****&b=&password',
  )
  expect(mask(form, 'user[password]=x&user.password=y&passwords=z', ['password'])).toBe(
    'user[password]=*****&user.password=*****&passwords=z',
  )
  expect(mask(form, 'card[number]=4111&name=x', ['$.card.number'])).toBe(
    'card[number]=*****&name=x',
  )
  expect(mask(form, 'a=1&b=2', ['$[0]'])).toBe('a=*****&b=*****')
})

test('parameters of a URI are masked by name, decoded, in any case, each time', () => {
  const { uri } = plugin.exports

  expect(mask(uri, '/token=1?Token=a;b=c&x=1&t%6fken=b&token=#d', ['token'])).toBe(
    '/token=1?Token=*****&x=1&t%6fken=*****&token=#d',
  )
  expect(mask(uri, 'https://u/cb#access_token=x&state=y', ['access_token'])).toBe(
    'https://u/cb#access_token=*****&state=y',
  )
  expect(mask(uri, '/?next=/login?token=x&a=1', ['token'])).toBe('/?next=/login?token=*****&a=1')
  expect(mask(uri, '/plain', ['token'])).toBe('/plain')
})

test('parameters of a path are masked up to the end of their segment', () => {
  const { uri } = plugin.exports

  expect(mask(uri, '/a;token=x;b=1/token=2;Token=y?q=1', ['token'])).toBe(
    '/a;token=*****;b=1/token=2;Token=*****?q=1',
  )
  expect(mask(uri, 'text/html;token=x', ['token'])).toBe('text/html;token=x')
  expect(mask(uri, 'see /a;token=x?token=y', ['token'])).toBe('see /a;token=x?token=*****')
})

test.each([
  '{"password":"x","a":"b=c"}',
  '<password a="b">x</password>',
  'a=1\r\npassword=x',
  'password',
  'p\0a\0=\0',
])('%j is no form', (text) => {
  expect(mask(plugin.exports.form, text, ['password'])).toBeUndefined()
})

test.each<[query: string, isMasked: boolean]>([
  ['{ login(password: "x") }', true],
  ['{ login(a: {Password : ["x"]}) }', true],
  ['{ login(password # why\n: "x") }', true],
  ['query($password: [String!]! = "x") { a }', true],
  ['query($password: [String!]!, $b: Int = 1) { login(password: $password) }', false],
  ['{ login(password:, $p) { password } }', false],
  ['{ passwords(a: "password") { a_password: b } }', false],
])('the text of GraphQL %j is replaced: %s', (query, isMasked) => {
  const shown = isMasked ? '*****' : query
  expect(json({ query, a: 1 }, 'password')).toEqual({ query: shown, a: 1 })
  expect(json([{ query }], 'password')).toEqual([{ query: shown }])
  expect(json({ a: [{ query }] }, 'password')).toEqual({ a: [{ query }] })
  expect(json({ query }, '$.card.number')).toEqual({ query })
})

test('a query of GraphQL may have escapes in its name and in its text', () => {
  const text = String.raw`{"qu\u0065ry":"{ a(p\u0061ssword : \"x\") }","a":1}`

  expect(mask(plugin.exports.json, text, ['password'])).toBe(
    String.raw`{"qu\u0065ry":"*****","a":1}`,
  )
})

const isToken = (text: string) =>
  text
    .toLowerCase()
    .split(/[.[\]]/)
    .includes('token')

test('no parameter of a masked name keeps its value, and all others keep theirs', () => {
  const key = fc.oneof(
    fc.constantFrom('a', 'token', 'TOKEN', 'tokens', 'user[token]'),
    fc.string({ minLength: 1 }),
  )
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.string({ minLength: 1 })), { maxLength: 6 }), (pairs) => {
      const query = new URLSearchParams(pairs).toString()
      const out = mask(plugin.exports.uri, `/p?${query}`, ['token'])!
      const seen = [...new URLSearchParams(out.slice(3))]
      expect(seen).toEqual(pairs.map(([k, v]) => [k, isToken(k) ? '*****' : v]))
    }),
    { numRuns: 300 },
  )
})

function cookies(masker: Masker, header: string, ...names: string[]): string | undefined {
  plugin.exports.clearMasks()
  // The list owns what it is given.
  for (const each of names) plugin.exports.addCookie(plugin.place(Buffer.from(each)), each.length)
  return run(masker, header)
}

test('one cookie of many is masked', () => {
  const { cookie, setCookie } = plugin.exports

  expect(cookies(cookie, 'a=1; Session=x=y; b=2; session="p;q"; c', 'session')).toBe(
    'a=1; Session=*****; b=2; session=*****; c',
  )
  expect(cookies(cookie, 'sess-1=a;sess-2=b;s=c', 'sess-*')).toBe('sess-1=*****;sess-2=*****;s=c')
  expect(cookies(cookie, 'session="x; a=1', 'session')).toBe('session=*****; a=1')
  expect(cookies(setCookie, 'session=x; Path=/; HttpOnly', 'session')).toBe(
    'session=*****; Path=/; HttpOnly',
  )
  expect(cookies(setCookie, 'a=x; session=y', 'session')).toBe('a=x; session=y')
  expect(cookies(setCookie, 'a=x; Expires=Wed, 21 Oct; Path=/, session=y; Path=/', 'session')).toBe(
    'a=x; Expires=Wed, 21 Oct; Path=/, session=*****; Path=/',
  )
  expect(cookies(cookie, 'a="x; session=y; z", session=b,c; d', 'session')).toBe(
    'a="x; session=*****; z", session=*****; d',
  )
})

test('a pattern fits as its regular expression does', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '-'), maxLength: 8 })
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'A', '-'), maxLength: 12 })
  fc.assert(
    fc.property(pattern, text, (glob, value) => {
      const [start, at] = [plugin.place(Buffer.from(value)), plugin.place(Buffer.from(glob))]
      const fits = plugin.exports.glob(start, value.length, at, glob.length)
      plugin.release(start, at)
      const expected = new RegExp(`^${glob.replaceAll('*', '.*')}$`, 'i').test(value)
      expect(Boolean(fits), `${value} ~ ${glob}`).toBe(expected)
    }),
    { numRuns: 1000 },
  )
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
    expect(json(value, own)).toEqual({ ...value, [own]: '*****' })
    expect(json(value, own, 'n'.repeat(300), 'zz')).toEqual({ ...value, [own]: '*****' })
  }
})

test('names that differ only in what is no letter are different names', () => {
  for (const [one = '', other = ''] of ['[{', '@`', ']}', '^~', '_\u007f', '\\|']) {
    const value = { [`a${one}`]: 1, [`a${other}`]: 2 }
    expect(json(value, `a${one}`)).toEqual({ [`a${one}`]: '*****', [`a${other}`]: 2 })
  }
})

test.each<[path: string, expected: unknown]>([
  ["$['a.b']", { 'a.b': '*****', a: { b: 2, "it's": 3, '*': 4 }, list: [5, [6]] }],
  ['$["a.b"]', { 'a.b': '*****', a: { b: 2, "it's": 3, '*': 4 }, list: [5, [6]] }],
  ['$.a\\.b', { 'a.b': '*****', a: { b: 2, "it's": 3, '*': 4 }, list: [5, [6]] }],
  ["$.a['it\\'s']", { 'a.b': 1, a: { b: 2, "it's": '*****', '*': 4 }, list: [5, [6]] }],
  ['$.a.\\*', { 'a.b': 1, a: { b: 2, "it's": 3, '*': '*****' }, list: [5, [6]] }],
  ["$..['it\\'s']", { 'a.b': 1, a: { b: 2, "it's": '*****', '*': 4 }, list: [5, [6]] }],
  ['$.list[0]', { 'a.b': 1, a: { b: 2, "it's": 3, '*': 4 }, list: ['*****', [6]] }],
  ['$.list[000001]', { 'a.b': 1, a: { b: 2, "it's": 3, '*': 4 }, list: [5, '*****'] }],
  ['$.list..[0]', { 'a.b': 1, a: { b: 2, "it's": 3, '*': 4 }, list: ['*****', ['*****']] }],
  ['$.list[1][0]', { 'a.b': 1, a: { b: 2, "it's": 3, '*': 4 }, list: [5, ['*****']] }],
  ['$.list[*]', { 'a.b': 1, a: { b: 2, "it's": 3, '*': 4 }, list: ['*****', '*****'] }],
  ['$.list[10]', { 'a.b': 1, a: { b: 2, "it's": 3, '*': 4 }, list: [5, [6]] }],
  ['$.list[999999]', { 'a.b': 1, a: { b: 2, "it's": 3, '*': 4 }, list: [5, [6]] }],
  ['$.*', { 'a.b': '*****', a: '*****', list: '*****' }],
  ['$.A.B', { 'a.b': 1, a: { b: '*****', "it's": 3, '*': 4 }, list: [5, [6]] }],
])('the path %s masks what it leads to', (path, expected) => {
  const value = { 'a.b': 1, a: { b: 2, "it's": 3, '*': 4 }, list: [5, [6]] }
  expect(json(value, path)).toEqual(expected)
})

test('the eleventh element is the eleventh', () => {
  const list = Array.from({ length: 13 }, (_, i) => i)
  expect(json(list, '$[11]')).toEqual(list.map((i) => (i === 11 ? '*****' : i)))
  expect(json([list, list], '$[1][12]')).toEqual([list, list.map((i) => (i === 12 ? '*****' : i))])
})

const membersDeep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
const pathOfLength = (depth: number) => `$${'.a'.repeat(depth)}`

test('all paths together have 255 parts at most', () => {
  expect(mask(plugin.exports.json, membersDeep(255), [pathOfLength(255)])).toBe(
    membersDeep(255).replace('1', '"*****"'),
  )
  expect(mask(plugin.exports.json, membersDeep(128), [pathOfLength(100), pathOfLength(155)])).toBe(
    membersDeep(100).replace('1', '"*****"'),
  )
  plugin.exports.clearMasks()
  const add = (text: string) => {
    const at = plugin.place(Buffer.from(text))
    const isAdded = plugin.exports.addMask(at, text.length)
    plugin.release(at)
    return isAdded
  }
  expect([add(pathOfLength(100)), add(pathOfLength(155)), add('token'), add('$.b')]).toEqual([
    1, 1, 1, 0,
  ])
})

test.each<[query: string, isLiteral: boolean]>([
  ['password: 1', true],
  ['password:1', true],
  ['password', false],
  ['$password', false],
  ['{a(password', false],
  ['{a(password:', true],
  ['{a(password: $p)}', false],
  ['{a(password:,\n\t $p)}', false],
  ['{a(password , : , 1)}', true],
  ['{a(password}', false],
  ['{a(password#', true],
  ['{a(password: #\n$p)}', true],
  ['{a(xpassword: 1)}', false],
  ['{a(password1: 1)}', false],
  ['{a(pass_word: 1)}', false],
  ['{a(_password: 1)}', false],
  ['{a(PassWord: 1)}', true],
  ['query($password: String = "x"){a}', true],
  ['query($password: [String!]! = 1)', true],
  ['query($password:Str_1ng!)', false],
  ['query($password)', false],
  ['query($password: String # c\n = "x")', true],
  ['query($password: String @d = 1)', false],
  ['query($password: String, $b: Int = 1)', false],
  ['query($password', false],
  ['{ a(b: $password) c(password: 1) }', true],
  ['', false],
])('the query %j has the masked value in it: %s', (query, isLiteral) => {
  expect(json({ query }, 'password')).toEqual({ query: isLiteral ? '*****' : query })
  expect(json({ query: `{a} ${query}` }, 'password')).toEqual({
    query: isLiteral ? '*****' : `{a} ${query}`,
  })
  // What stands behind the text is none of it.
  expect(json({ query, password: 1 }, 'password')).toEqual({
    query: isLiteral ? '*****' : query,
    password: '*****',
  })
})

test('only what is named query, and a string, is looked at as a query', () => {
  const literal = 'a(password: 1)'
  for (const key of ['querx', 'quer', 'queryy', 'Query', 'xuery', 'query ']) {
    expect(json({ [key]: literal }, 'password')).toEqual({ [key]: literal })
  }
  for (const value of [1, null, true, [literal], { a: literal }]) {
    expect(json({ query: value }, 'password')).toEqual({ query: value })
  }
  expect(json({ query: { password: 1 } }, 'password')).toEqual({ query: { password: '*****' } })
  expect(mask(plugin.exports.json, `{"query":"${literal}`, ['password'])).toBeUndefined()
  expect(mask(plugin.exports.json, `{"query":"${literal}\u0001"}`, ['password'])).toBeUndefined()
  expect(mask(plugin.exports.json, `{"query" : "${literal}" , "a":1}`, ['password'])).toBe(
    '{"query" : "*****" , "a":1}',
  )
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
      expect(mask(plugin.exports.json, text, ['a'])).toBe(
        text.replace(value, '"*****"').replace('{"b":{"a":1}}', '{"b":{"a":"*****"}}'),
      )
      const list = `[${space}${value}${space},${space}${value}${space}]`
      expect(mask(plugin.exports.json, list, ['$[1]'])).toBe(
        `[${space}${value}${space},${space}"*****"${space}]`,
      )
      expect(mask(plugin.exports.json, list, ['$[0]'])).toBe(
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
  expect(mask(plugin.exports.lines, text, ['a'])).toBe(expected)
})

test.each([
  ['token=x', 'token=*****'],
  ['token=x&', 'token=*****&'],
  ['token=', 'token='],
  ['=x', '=x'],
  ['&token=x', '&token=*****'],
  ['a&token=x', 'a&token=*****'],
  ['a=b=c&token=x=y', 'a=b=c&token=*****'],
  ['a=token=x', 'a=token=x'],
  ['a=1;token=x', 'a=1;token=*****'],
  ['a=1?token=x', 'a=1?token=*****'],
  ['a=1#token=x', 'a=1#token=*****'],
  ['token=x;a#b?c/d&e=f', 'token=*****&e=f'],
  ['+token+=x', '+token+=*****'],
  ['%20token%09=x', '%20token%09=*****'],
  ['a/token=x', 'a/token=x'],
  ['token=x\r\n', 'token=*****'],
  [' token=x \n', ' token=*****'],
  [' \n', undefined],
  ['  {a=1', undefined],
  ['[a=1', undefined],
  ['"a=1', undefined],
  ['<a=1', undefined],
  ['a{=1', 'a{=1'],
  ['a=\u001fb', undefined],
  ['a=1\tb', undefined],
  ['token', undefined],
])('the form %j is masked: %j', (text, expected) => {
  expect(mask(plugin.exports.form, text, ['token'])).toBe(expected)
})

test.each([
  ['/p?token=x', '/p?token=*****'],
  ['/p?a=1&token=x#token=y', '/p?a=1&token=*****#token=*****'],
  ['/token=x', '/token=x'],
  ['/;token=x', '/;token=*****'],
  ['/a;token=x/b;c=token=y', '/a;token=*****/b;c=token=y'],
  ['/a&token=x', '/a&token=*****'],
  ['/a;token=x&b=1', '/a;token=*****&b=1'],
  ['/a;token=x#b', '/a;token=*****#b'],
  ['/a;b/token=x', '/a;b/token=x'],
  ['http://h/;token=x', 'http://h/;token=*****'],
  ['HTTPS://h/;token=x', 'HTTPS://h/;token=*****'],
  ['htt', 'htt'],
  ['htts;token=x', 'htts;token=x'],
  ['ftp:;token=x?token=y', 'ftp:;token=x?token=*****'],
  ['/', '/'],
  ['', ''],
  ['/;a', '/;a'],
  ['/a?', '/a?'],
  ['?token=x', '?token=*****'],
  ['#token=x', '#token=*****'],
  ['a?b?token=x?token=y', 'a?b?token=*****'],
  ['/?token=x/;a=1', '/?token=*****'],
  ['/?token=x;token=y', '/?token=*****'],
])('the URI %j is masked: %j', (text, expected) => {
  expect(mask(plugin.exports.uri, text, ['token'])).toBe(expected)
  const at = plugin.place(Buffer.from(`${text}?;#`))
  const mayHave = Boolean(plugin.exports.mayHaveParameters(at, text.length))
  plugin.release(at)
  const isPath = text.startsWith('/') || /^http/i.test(text)
  expect(mayHave).toBe(/[?#]/.test(text) || (isPath && text.includes(';')))
})

test.each([
  ['token', true],
  ['TOKEN', true],
  ['user[token]', true],
  ['user.token', true],
  ['token[0]', true],
  ['token.x', true],
  ['[token]', true],
  ['a[token][b]', true],
  ['a.b.token', true],
  ['tokens', false],
  ['atoken', false],
  ['a-token', false],
  ['user[tokens]', false],
  ['[]', false],
  ['.', false],
  ['to.ken', false],
])('a field named %s is masked: %s', (field, isMasked) => {
  const { form } = plugin.exports
  const shown = `y=1&${field}=${isMasked ? '*****' : 'x'}`
  expect(mask(form, `y=1&${field}=x`, ['token'])).toBe(shown)
  expect(mask(form, `y=1&${field}=x`, ['z', '$.q.token', '$.c[0]'])).toBe(shown)
})

test('without a name in a path each field may be meant, until the masks are cleared', () => {
  const { form } = plugin.exports
  expect(mask(form, 'x=1', ['$[0][*]'])).toBe('x=*****')
  expect(mask(form, 'x=1', ['$[0].y'])).toBe('x=1')
  expect(mask(form, 'y=1', ['$[0].y[*]'])).toBe('y=*****')
  expect(mask(form, 'x=1&y=2', ['$.x.y'])).toBe('x=1&y=*****')
})

test.each<[header: string, cookie: string, setCookie: string]>([
  ['session=', 'session=', 'session='],
  ['session=;a=b', 'session=;a=b', 'session=;a=b'],
  ['session', 'session', 'session'],
  ['=session', '=session', '=session'],
  [' session = x ; a', ' session =*****; a', ' session =*****; a'],
  ['session="a;b"c;d=e', 'session=*****;d=e', 'session=*****;d=e'],
  ['session="', 'session=*****', 'session=*****'],
  ['session="a;b', 'session=*****;b', 'session=*****;b'],
  ['session="";a', 'session=*****;a', 'session=*****;a'],
  ['a=session=x', 'a=session=x', 'a=session=x'],
  ['a=b,session=c', 'a=b,session=*****', 'a=b,session=*****'],
  ['a=b;session=c', 'a=b;session=*****', 'a=b;session=c'],
  ['a;session=c', 'a;session=*****', 'a;session=c'],
  ['session=x,session=y;session=z', 'session=*****;session=*****', 'session=*****;session=z'],
  ['sessions=x', 'sessions=x', 'sessions=x'],
])('of %j the cookie is masked', (header, cookie, setCookie) => {
  expect(cookies(plugin.exports.cookie, header, 'session')).toBe(cookie)
  expect(cookies(plugin.exports.cookie, header, 'other', 'session')).toBe(cookie)
  expect(cookies(plugin.exports.setCookie, header, 'session')).toBe(setCookie)
  expect(cookies(plugin.exports.cookie, header, 'other')).toBe(header)
})

type Rules = { names: string[]; patterns: string[]; cookies: string[] }

function listed(list: number): string[] {
  const names: string[] = []
  for (
    let at = plugin.exports.ruleAt(list, 0);
    at;
    at = plugin.exports.ruleAt(list, names.length)
  ) {
    const span = plugin.read(at, 8)
    names.push(plugin.read(span.readUInt32LE(0), span.readUInt32LE(4)).toString('latin1'))
  }
  return names
}

function rulesIn(): Rules {
  return { names: listed(0), patterns: listed(1), cookies: listed(2) }
}

/** The position of what is wrong with a rule, null when nothing is. */
function addRule(text: string, which: number | 'type'): number | null {
  const bytes = Buffer.from(text, 'latin1')
  const at = plugin.place(bytes)
  const isRule =
    which === 'type'
      ? plugin.exports.addMediaType(at, bytes.length)
      : plugin.exports.addRule(at, bytes.length, which)
  plugin.release(at)
  return isRule ? null : plugin.exports.errorPosition()
}

test('a rule names a header, a pattern of them, or a cookie', () => {
  plugin.exports.clearRules()
  for (const text of [
    'X-Secret',
    'x-internal-*',
    '*',
    'Cookie:Session',
    'cookie:sess-*',
    'cookie',
  ]) {
    expect(addRule(text, 1), text).toBeNull()
  }
  expect(rulesIn()).toEqual({
    names: ['x-secret', 'cookie'],
    patterns: ['x-internal-*', '*'],
    cookies: ['session', 'sess-*'],
  })
  plugin.exports.clearRules()
  expect([addRule('Set-Cookie:A', 2), addRule('set-cookie', 2), addRule('a', 0)]).toEqual([
    null,
    null,
    null,
  ])
  expect(rulesIn()).toEqual({ names: ['set-cookie', 'a'], patterns: [], cookies: ['a'] })
  expect([
    addRule('cookie:', 1),
    addRule('set-cookie:', 2),
    addRule('', 1),
    addRule('', 0),
  ]).toEqual([7, 11, 0, 0])
  expect([addRule('cookie:a', 0), addRule('cookie:a', 2), addRule('set-cookie:a', 1)]).toEqual([
    0, 0, 0,
  ])
})

test('of a cookie or a media type each character may stand but blanks, controls and semicolons', () => {
  plugin.exports.clearRules()
  for (let byte = 0; byte < 256; byte++) {
    const char = String.fromCharCode(byte)
    const isBad = byte <= 32 || byte >= 127 || char === ';'
    expect(addRule(`cookie:a${char}b`, 1), String(byte)).toBe(isBad ? 8 : null)
    expect(addRule(`a${char}b`, 'type'), String(byte)).toBe(isBad ? 1 : null)
  }
  const { names, cookies: ofCookies } = rulesIn()
  expect(names).toEqual(ofCookies)
  expect(names.join('')).toBe(names.join('').toLowerCase())
  expect(names).toHaveLength(93)
  expect([addRule('', 'type'), addRule('text/*', 'type'), addRule('Text/HTML', 'type')]).toEqual([
    0,
    null,
    null,
  ])
})

test('masks and rules give their memory back', async () => {
  plugin = await Room.compile<Exports>('masks')
  const use = () => {
    mask(plugin.exports.json, '{"a":1}', ['a', '$.b[0].c', "$..['d']", '$[*]'])
    for (const text of ['$.', '$.a[', '$.a.b.c[x]', '$.a..', 'a\tb', '']) {
      const at = plugin.place(Buffer.from(text))
      plugin.exports.addMask(at, text.length)
      plugin.release(at)
    }
    plugin.exports.clearRules()
    for (const text of ['x-a', 'x-*', 'cookie:c', 'cookie:', 'b d']) addRule(text, 1)
  }
  for (let i = 0; i < 10; i++) use()
  const before = plugin.memoryBytes
  for (let i = 0; i < 2500; i++) use()
  expect(plugin.memoryBytes).toBe(before)
})
