import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { Room } from './support/room-memory.ts'

interface Exports {
  jsonBrokenAt(start: number, length: number): number
  checkInPieces(start: number, length: number, bytes: number): number
  stepsTaken(): number
  behindValue(from: number): number
  decodeString(from: number, to: number): number
  numberAt(from: number): number
  find(document: number, path: number, pathLength: number): number
  member(object: number, name: number, nameLength: number): number
}

let plugin: Room<Exports>
let to: number
beforeAll(async () => {
  plugin = await Room.compile<Exports>('basics')
  to = plugin.allocate(8192)
})

function withText<Result>(
  text: string | Uint8Array,
  use: (at: number, length: number) => Result,
): Result {
  const bytes = Buffer.from(text)
  const at = plugin.place(bytes)
  try {
    return use(at, bytes.length)
  } finally {
    plugin.release(at)
  }
}

/** Where a document is broken, null when it is not; in pieces it is judged the same. */
function brokenAt(text: string | Uint8Array, behind = ''): number | null {
  const bytes = Buffer.concat([Buffer.from(text), Buffer.from(behind)])
  const length = bytes.length - Buffer.byteLength(behind)
  return withText(bytes, (at) => {
    const stop = plugin.exports.jsonBrokenAt(at, length)
    expect(plugin.read(at, bytes.length).equals(bytes)).toBe(true)
    for (const piece of [1, 5, 1 << 30]) {
      expect(plugin.exports.checkInPieces(at, length, piece)).toBe(stop === 0 ? 1 : 2)
      plugin.write(at, bytes)
    }
    return stop === 0 ? null : stop - at
  })
}

/** A bar stands before the byte that is broken. */
test.each([
  '|',
  ' |',
  '|x',
  '{|',
  '{"a|',
  '{"a"|',
  '{"a"|}',
  '{"a":|',
  '{"a":|}',
  '{"a" |1}',
  '{"a":1|',
  '{"a":1|"b":2}',
  '{"a":1,|}',
  '{"a":1,|1:2}',
  '{"a":1|]',
  '{|1:1}',
  '{ |,}',
  '[|',
  '[|,1]',
  '[1|',
  '[1|}',
  '[1,|]',
  '[1|:2]',
  '[1 |2]',
  '[1,|,2]',
  '1 |2',
  '"a|\u0000"',
  '"a|\n"',
  '"a|\u001f"',
  '"|\\x"',
  '"ab\\"|',
  '"|\\u12g4"',
  '"|\\u123',
  '"a" |"b"',
  '|tru',
  '|trUe',
  'true|x',
  '|nul',
  '|nulL',
  '|fals',
  '|falsE',
  '|True',
  '-|',
  '-|a',
  '|+1',
  '0|1',
  '-0|1',
  '1.|',
  '1.|e2',
  '|.5',
  '1e|',
  '1e+|',
  '1e-|x',
  '1e5|.2',
  '1E|E2',
  '0|x1',
  "|'a'",
  '|\ufeff1',
  '|\u000b1',
  '[1|\u000c]',
])('%j is broken where the bar is', (marked) => {
  const text = marked.replace('|', '')
  const expected = Buffer.byteLength(marked.slice(0, marked.indexOf('|')))

  expect(brokenAt(text)).toBe(expected)
  expect(brokenAt(`[[${text}`)).toBe(expected + 2)
  // What stands behind the end counts for nothing.
  for (const behind of ['}', ']', '"', '1', 'e', '"}]', ' '])
    expect(brokenAt(text, behind)).toBe(expected)
})

test.each([
  '0',
  '-0',
  '0.0',
  '-1.5e+10',
  '1E5',
  '10',
  '1e05',
  '""',
  '"\\/\\b\\f\\n\\r\\t\\"\\\\\\u00e9\\uD834"',
  '[]',
  '{}',
])('%s is a document, and so it is with white space around it', (text) => {
  for (const space of ['', ' ', '\n', '\r', '\t', ' \t\r\n ']) {
    expect(brokenAt(`${space}${text}${space}`)).toBeNull()
    expect(brokenAt(`[${space}${text}${space},${space}${text}${space}]`)).toBeNull()
    expect(brokenAt(`{${space}"a"${space}:${space}${text}${space}}`)).toBeNull()
    expect(brokenAt(`{"b":1${space},${space}"a":${text}${space}}`)).toBeNull()
    expect(brokenAt(`[${space}]`)).toBeNull()
    expect(brokenAt(`{${space}}`)).toBeNull()
  }
  for (const behind of ['x', '1', '"', '}', '\u0001']) expect(brokenAt(text, behind)).toBeNull()
})

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
    return true
  } catch {
    return false
  }
}

test('what begins like a document is broken at the first byte with which none can go on', () => {
  const changed = fc.record({
    text: fc.json({ maxDepth: 4 }),
    at: fc.nat(),
    byte: fc.oneof(fc.constantFrom(...Buffer.from('{}[]",:\\ \n0-+.eEtfn\0')), fc.nat(255)),
  })
  fc.assert(
    fc.property(changed, ({ text, at, byte }) => {
      const bytes = Buffer.from(text)
      bytes[at % bytes.length] = byte
      const stop = brokenAt(bytes)
      expect(stop === null).toBe(isJson(bytes))
      if (stop !== null) expect(stop).toBeLessThanOrEqual(bytes.length)
    }),
    { numRuns: 400 },
  )
})

test('characters of strings are judged at every offset', () => {
  for (let offset = 0; offset < 34; offset++) {
    const before = 'x'.repeat(offset)
    for (const good of ['é', '€', '𝄞', '\u007f', '\\"', '\\\\', '\\u0000', 'éé€', ' ', '!', '#']) {
      expect(brokenAt(`"${before}${good}"`)).toBeNull()
    }
    for (const bad of [[0], [31], [0x80], [0xc3, 0x41], [0xed, 0xa0, 0x80], [0xff]]) {
      const text = Buffer.concat([Buffer.from(`"${before}`), Buffer.from(bad), Buffer.from('"')])
      expect(brokenAt(text)).toBe(offset + 1)
      const behindOther = Buffer.concat([Buffer.from(`"${before}é`), Buffer.from([0xff, 0x22])])
      expect(brokenAt(behindOther)).toBe(offset + 3)
    }
  }
})

test('a document is checked in pieces, each of which ends with a value', () => {
  const text = `[${Array.from({ length: 100 }, (_, i) => i + 100).join(',')}]`
  const stepsOf = (piece: number) =>
    withText(text, (at, length) => {
      expect(plugin.exports.checkInPieces(at, length, piece)).toBe(1)
      return plugin.exports.stepsTaken()
    })
  expect(stepsOf(1 << 30)).toBe(1)
  expect(stepsOf(text.length)).toBe(1)
  // 400 bytes: a value and its comma are four of them.
  expect(stepsOf(1)).toBe(101)
  expect(stepsOf(40)).toBe(10)
  expect(stepsOf(200)).toBe(2)
})

test('a document that is checked in pieces gives back what that took', () => {
  const use = () => {
    expect(withText('[1,2,3]', (at) => plugin.exports.checkInPieces(at, 7, 1))).toBe(1)
  }
  expect(plugin.leakOf(use)).toBe(0)
})

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`

test('documents are read to a depth of 256, of arrays and objects and both', () => {
  expect([nested(256), objects(256)].map((text) => brokenAt(text))).toEqual([null, null])
  expect(brokenAt(nested(257))).toBe(256)
  expect(brokenAt(objects(257))).toBe(256 * 5)
  expect(brokenAt(`[${nested(255)},${objects(255)}]`)).toBeNull()
  const mixed = `${'[{"a":'.repeat(128)}1${'}]'.repeat(128)}`
  expect(brokenAt(mixed)).toBeNull()
  expect(brokenAt(mixed.replace('1', '[]'))).toBe(128 * 6)
  expect(brokenAt(mixed.replace('}]', ']}'))).toBe(128 * 6 + 1)
})

test('the end of each value is found', () => {
  fc.assert(
    fc.property(
      fc.json({ maxDepth: 4 }),
      fc.nat(2),
      fc.constantFrom(',', ' ]', '}', ' \n,'),
      (json, indent, behind) => {
        const text = JSON.stringify(JSON.parse(json), null, indent)
        withText(text + behind, (at) => {
          expect(plugin.exports.behindValue(at) - at).toBe(Buffer.byteLength(text))
        })
      },
    ),
    { numRuns: 300 },
  )
  for (const scalar of [
    'true',
    'null',
    '-1.5E+10',
    '0',
    '{}',
    '[]',
    '""',
    '"]}\\""',
    '[[],{"a":[]}]',
  ]) {
    withText(`${scalar},1`, (at) => {
      expect(plugin.exports.behindValue(at) - at).toBe(scalar.length)
    })
  }
})

const decoded = (text: string) =>
  withText(text, (at) => plugin.read(to, plugin.exports.decodeString(at, to)).toString())

test('strings are decoded as JSON.parse decodes them', () => {
  const unit = fc.oneof(
    fc.constantFrom(
      'a',
      'é',
      '€',
      '𝄞',
      '\\n',
      '\\"',
      '\\\\',
      '\\/',
      '\\b',
      '\\f',
      '\\r',
      '\\t',
      '/',
    ),
    fc.constantFrom('\\u0041', '\\u00e9', '\\u20AC', '\\ud834\\udd1e', '\\udbff\\udfff', '\\uffff'),
    fc.constantFrom(
      '\\ud834',
      '\\udd1e',
      '\\ud834\\u0041',
      '\\ud7ff',
      '\\ue000',
      '\\udfff',
      '\\ud800',
    ),
  )
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 8 }), (units) => {
      const text = `"${units.join('')}"`
      // Half a pair, which no UTF-8 has, is a replacement character.
      expect(decoded(text)).toBe((JSON.parse(text) as string).toWellFormed())
    }),
    { numRuns: 400 },
  )
  expect(decoded('"\\ud800\\udc00\\ud800\\ud800\\udc00\\udbff"')).toBe(
    '\u{10000}\ufffd\u{10000}\ufffd',
  )
  expect(decoded('"\\ud834\\n\\udd1e\\u0000"')).toBe('\ufffd\n\ufffd\0')
})

test('numbers are read as JSON.parse reads them, whole ones exactly', () => {
  const exact = [
    '0',
    '-0',
    '7',
    '-12',
    '9007199254740992',
    '100',
    '0.5',
    '0.25',
    '-2.5',
    '1e3',
    '1E+2',
    '25e-1',
    '0e5',
    '1e0',
    '10e1',
    '0.0',
  ]
  for (const text of exact) {
    withText(`${text},9`, (at) => expect(plugin.exports.numberAt(at), text).toBe(JSON.parse(text)))
  }
  for (const text of ['0.1', '3.14159', '123.456', '1.5e-7', '6.02e23', '-9.99e-5', '1e300']) {
    withText(`${text},9`, (at) => {
      const expected = JSON.parse(text) as number
      expect(Math.abs(plugin.exports.numberAt(at) / expected - 1), text).toBeLessThan(1e-12)
    })
  }
  const extreme: [string, number][] = [
    ['1e400', Infinity],
    ['-1e999999999999', -Infinity],
    ['1e-4000', 0],
    ['0e99999999999999', 0],
    ['1e4294967297', Infinity],
  ]
  for (const [text, expected] of extreme) {
    withText(`${text},9`, (at) => expect(plugin.exports.numberAt(at), text).toBe(expected))
  }
})

/** What a path leads to, as it is written. */
function found(document: string, ...path: string[]): string | undefined {
  const text = withText(document, (at) =>
    withText(path.map((segment) => `${segment}\0`).join(''), (pathAt, length) => {
      const value = plugin.exports.find(at, pathAt, length)
      if (!value) return
      return plugin.read(value, plugin.exports.behindValue(value) - value).toString()
    }),
  )
  plugin.takeBackResults(document.length)
  return text
}

test('a path leads through members and elements', () => {
  const document =
    ' { "a" : [ 1 , { "b" : "x" } , [ ] ] , "" : 2 , "a.b" : 3, "é" : {}, "a\\u0062" : 5 } '

  expect(found(document)).toBe(document.trim())
  expect(found(document, 'a', '0')).toBe('1')
  expect(found(document, 'a', '1', 'b')).toBe('"x"')
  expect(found(document, 'a', '2')).toBe('[ ]')
  expect(found(document, 'a', '000001', 'b')).toBe('"x"')
  expect(found(document, '')).toBe('2')
  expect(found(document, 'a.b')).toBe('3')
  expect(found(document, 'ab')).toBe('5')
  for (const path of [
    ['b'],
    ['a', '3'],
    ['a', '-1'],
    ['a', 'x'],
    ['a', '1x'],
    ['a', '0000001'],
    ['a', '0', '0'],
    ['a', '2', '0'],
    ['é', 'x'],
    ['a', ':'],
    ['a', '/'],
  ]) {
    expect(found(document, ...path), path.join('/')).toBeUndefined()
  }
  expect(found(`[${'0,'.repeat(12)}7]`, '12')).toBe('7')
  expect(found('[]')).toBe('[]')
  expect(found('{"a":1,"a":2,"b":{"a":3}}', 'a')).toBe('2')
})
