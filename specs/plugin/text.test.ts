import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { Room } from './support/room-memory.ts'

type Two = (at: number, length: number, other: number, otherLength: number) => number

interface Exports {
  ofByte(which: number, byte: number): number
  writeHex(to: number, value: number, count: number): void
  writeDecimal(to: number, value: bigint): number
  writeDigits(to: number, value: number, count: number): void
  writeUtf8(point: number, to: number): number
  sequenceLength(at: number): number
  isUtf8(start: number, length: number): number
  brokenUtf8At(start: number, length: number): number
  isInAnyCase: Two
  hasToken: Two
  trim(start: number, end: number): number
  toHeaderName(start: number, length: number): number
  markLength(start: number, length: number): number
  escapeTo(from: number, size: number, to: number): number
  encodeBase64(from: number, size: number, to: number): number
  excerpt(start: number, length: number, to: number): number
  listNames(start: number, length: number, count: number): number
}

let plugin: Room<Exports>
let text: Exports
let to: number
/** Where inputs are put, one at a time. */
let input: number
beforeAll(async () => {
  plugin = await Room.compile<Exports>('basics')
  text = plugin.exports
  input = plugin.allocate(4096)
  to = plugin.allocate(32_768)
})

/** Puts bytes where they can be read, and behind them others that belong to none. */
function put(bytes: Uint8Array | string, behind: Uint8Array = Buffer.alloc(32, 0x5a)): number {
  plugin.write(input, Buffer.concat([Buffer.from(bytes), behind]))
  return input
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte)
const asciiOf = (byte: number) => String.fromCharCode(byte)

test.each<[name: string, which: number, expected: (char: string, byte: number) => number]>([
  ['a digit', 0, (char) => Number(/[0-9]/.test(char))],
  ['a letter', 1, (char) => Number(/[a-zA-Z]/.test(char))],
  ['a blank', 2, (char) => Number(/[ \t]/.test(char))],
  ['in lower case', 3, (char, byte) => (/[A-Z]/.test(char) ? byte + 32 : byte)],
  ['a hexadecimal digit', 4, (char) => (/[0-9a-fA-F]/.test(char) ? parseInt(char, 16) : -1)],
])('each byte is %s or not', (_, which, expected) => {
  expect(BYTES.map((byte) => text.ofByte(which, byte))).toEqual(
    BYTES.map((byte) => expected(asciiOf(byte), byte)),
  )
})

test('numbers are written in decimal and in hexadecimal', () => {
  for (let value = 0; value < 16; value++) {
    expect(asciiOf(text.ofByte(5, value))).toBe(value.toString(16))
    expect(asciiOf(text.ofByte(6, value))).toBe(value.toString(16).toUpperCase())
  }
  const powers = Array.from({ length: 20 }, (_, i) => 10n ** BigInt(i))
  for (const value of [0n, ...powers, ...powers.map((p) => p - 1n), 1234567890n, 2n ** 64n - 1n]) {
    expect(plugin.read(to, text.writeDecimal(to, value) - to).toString()).toBe(String(value))
  }
  for (const [value, count] of [
    [0, 3],
    [7, 2],
    [42, 2],
    [12_345, 3],
    [2026, 4],
  ] as const) {
    plugin.write(to, Buffer.alloc(9, 33))
    text.writeDigits(to + 1, value, count)
    const digits = String(value).padStart(count, '0').slice(-count)
    expect(plugin.read(to, count + 2).toString()).toBe(`!${digits}!`)
    text.writeHex(to + 1, value, count)
    const hex = value.toString(16).padStart(count, '0').slice(-count)
    expect(plugin.read(to, count + 2).toString()).toBe(`!${hex}!`)
  }
})

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
function isUtf8(bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes)
    return true
  } catch {
    return false
  }
}

/** Of the bytes at a place the length of the one character, 0 when there is none. */
const lengthOf = (bytes: Uint8Array) =>
  [2, 3, 4].find((length) => bytes.length >= length && isUtf8(bytes.subarray(0, length))) ?? 0

test('a character of UTF-8 is told from what is none by all of its bytes', () => {
  const lasts = [0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff]
  for (let lead = 0x80; lead < 256; lead++) {
    for (const second of lasts) {
      for (const third of lead < 0xe0 ? [0] : [0x7f, 0x80, 0xbf, 0xc0]) {
        for (const fourth of lead < 0xf0 ? [0] : [0x7f, 0x80, 0xbf, 0xc0]) {
          const bytes = Buffer.from([lead, second, third, fourth])
          expect(text.sequenceLength(put(bytes)), bytes.toString('hex')).toBe(lengthOf(bytes))
        }
      }
    }
  }
})

test('each character is written in UTF-8', () => {
  const edges = [0, 0x7f, 0x80, 0xff, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xfffd, 0xffff, 0x10000]
  const points = [...edges, 0x1d11e, 0x3ffff, 0x40000, 0xfffff, 0x10ffff, 0x20ac, 0x0fff, 0x1000]
  for (const point of points) {
    const length = text.writeUtf8(point, to) - to
    expect(plugin.read(to, length).toString(), String(point)).toBe(String.fromCodePoint(point))
  }
})

const pieces = fc.constantFrom(
  'a',
  'é',
  '€',
  '𝄞',
  '"',
  '\\',
  '\u0001',
  '\u007f',
  'ordinary text, long',
)
const halves = fc.constantFrom(
  [0xc3],
  [0xe2, 0x82],
  [0xff],
  [0x80],
  [0xf0, 0x9d, 0x84],
  [0xed, 0xa0, 0x80],
)
const anyBytes = fc
  .array(
    fc.oneof(
      pieces.map((piece) => Buffer.from(piece)),
      halves.map((half) => Buffer.from(half)),
    ),
    {
      maxLength: 9,
    },
  )
  .map((each) => Buffer.concat(each))

test('a text is UTF-8 or not, up to its end, and the first byte that is not is known', () => {
  fc.assert(
    fc.property(anyBytes, fc.nat(), (bytes, cut) => {
      const whole = bytes.subarray(0, cut % (bytes.length + 1))
      const at = put(whole, Buffer.concat([bytes.subarray(whole.length), Buffer.alloc(4, 0x80)]))
      const isWhole = isUtf8(whole)
      expect(Boolean(text.isUtf8(at, whole.length))).toBe(isWhole)
      let good = 0
      for (let i = 0; i <= whole.length; i++) if (isUtf8(whole.subarray(0, i))) good = i
      expect(text.brokenUtf8At(at, whole.length)).toBe(isWhole ? 0 : at + good)
    }),
    { numRuns: 500 },
  )
})

/** A string of JSON, in which each byte that is no UTF-8 is a replacement character. */
function escaped(bytes: Uint8Array): string {
  let out = ''
  for (let i = 0; i < bytes.length;) {
    const length = bytes[i]! < 0x80 ? 1 : lengthOf(bytes.subarray(i, i + 4))
    out += length ? Buffer.from(bytes.subarray(i, i + length)).toString() : '\ufffd'
    i += length || 1
  }
  return JSON.stringify(out).slice(1, -1)
}

function expectEscaped(bytes: Uint8Array): void {
  const at = put(bytes, Buffer.from('\u0001"\\\u0080€€€€€€€€'))
  plugin.write(to, Buffer.alloc(64))
  const end = text.escapeTo(at, bytes.length, to)
  // As bytes: what is no UTF-8 would be read as U+FFFD, too.
  expect(plugin.read(to, end - to)).toEqual(Buffer.from(escaped(bytes)))
}

test('text is escaped as JSON.stringify does it, at every offset and length', () => {
  for (let length = 0; length < 40; length++) {
    const plain = Buffer.alloc(length, 'abcdefghij')
    expectEscaped(plain)
    for (const special of ['"', '\\', '\n', '\u0000', 'é', '€']) {
      for (const at of [0, length >> 1, length]) {
        expectEscaped(
          Buffer.concat([plain.subarray(0, at), Buffer.from(special), plain.subarray(at)]),
        )
      }
    }
  }
  for (const byte of BYTES) expectEscaped(Buffer.from([byte]))
  for (const byte of BYTES)
    expectEscaped(Buffer.concat([Buffer.from('ab'), Buffer.from([byte]), Buffer.from('z')]))
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      expectEscaped(bytes)
    }),
    { numRuns: 300 },
  )
})

test('bytes of every length are written in base64', () => {
  for (let length = 0; length < 100; length++) {
    const bytes = Buffer.from(Array.from({ length }, (_, i) => (i * 37 + length * 11) & 255))
    const end = text.encodeBase64(put(bytes, Buffer.alloc(16, 0xff)), length, to)
    expect(plugin.read(to, end - to).toString()).toBe(bytes.toString('base64'))
  }
  const all = Buffer.from(Array.from({ length: 192 }, (_, i) => i * 4 + ((i * 7) >> 4)))
  for (const shift of [0, 1, 2]) {
    for (const length of [192 - shift, 12, 11, 15, 24]) {
      const bytes = all.subarray(shift, shift + length)
      const end = text.encodeBase64(put(bytes), length, to)
      expect(plugin.read(to, end - to).toString()).toBe(bytes.toString('base64'))
    }
  }
})

test('every digit of base64 is written for its six bits', () => {
  for (let value = 0; value < 64; value++) {
    for (const length of [3, 12, 13]) {
      const bytes = Buffer.alloc(length)
      for (let i = 0; i < length; i++)
        bytes[i] = [value << 2, (value << 4) | (value >> 4), (value << 6) | value][i % 3]!
      const end = text.encodeBase64(put(bytes), length, to)
      expect(plugin.read(to, end - to).toString()).toBe(bytes.toString('base64'))
    }
  }
})

function pair(call: Two, one: string, other: string): boolean {
  const at = put(one, Buffer.from(other))
  return Boolean(
    call(at, Buffer.byteLength(one), at + Buffer.byteLength(one), Buffer.byteLength(other)),
  )
}

test('a word is found in any case, whole', () => {
  for (const word of ['gzip', 'GZIP', 'gZiP'])
    expect(pair(text.isInAnyCase, word, 'gzip')).toBe(true)
  for (const word of ['gzi', 'gzipp', 'gzio', 'Gzin', 'hzip', '', 'g\u001aip']) {
    expect(pair(text.isInAnyCase, word, 'gzip'), word).toBe(false)
  }
  expect(pair(text.isInAnyCase, '', '')).toBe(true)
  expect(pair(text.isInAnyCase, '@[`{', '@[`{')).toBe(true)
  expect(pair(text.isInAnyCase, '@[', '`{')).toBe(false)
})

test('a token is found between commas, with blanks around it', () => {
  for (const list of [
    'upgrade',
    'close, Upgrade',
    'UPGRADE ,x',
    'a,\tupgrade\t,b',
    ',,upgrade',
    'upgrade,',
  ]) {
    expect(pair(text.hasToken, list, 'upgrade'), list).toBe(true)
  }
  for (const list of [
    '',
    ',',
    'upgrades',
    'up grade',
    'xupgrade',
    'upgrade;x',
    'up,grade',
    'upgrad',
  ]) {
    expect(pair(text.hasToken, list, 'upgrade'), list).toBe(false)
  }
})

test('blanks at both ends are left out', () => {
  for (const [whole, inner] of [
    ['', ''],
    [' ', ''],
    ['\t \t', ''],
    ['a', 'a'],
    [' a', 'a'],
    ['a ', 'a'],
    ['\ta b\t ', 'a b'],
    ['\n a \n', '\n a \n'],
  ] as const) {
    const at = put(whole, Buffer.from('  x'))
    const span = plugin.read(text.trim(at, at + whole.length), 8)
    const [start, length] = [span.readUInt32LE(0), span.readUInt32LE(4)]
    expect(plugin.read(start, length).toString()).toBe(inner)
    expect(start >= at && start + length <= at + whole.length).toBe(true)
  }
})

const isToken = (byte: number) => /[A-Za-z0-9!#$%&'*+\-.^_`|~]/.test(asciiOf(byte)) && byte < 128

test('the name of a field is made of the characters of RFC 9110, in lower case', () => {
  for (const byte of BYTES) {
    const at = put(Buffer.from([0x58, byte]))
    expect(Boolean(text.toHeaderName(at, 2)), String(byte)).toBe(isToken(byte))
    const name = plugin.read(at, 2).toString('latin1')
    if (isToken(byte)) expect(name).toBe(`x${asciiOf(byte).toLowerCase()}`)
  }
  expect(text.toHeaderName(put('x'), 0)).toBe(0)
  expect(text.toHeaderName(put(' x'), 2)).toBe(0)
})

test('a byte order mark is three bytes long', () => {
  expect(text.markLength(put('\ufeffa'), 4)).toBe(3)
  expect(text.markLength(put('\ufeff'), 3)).toBe(3)
  expect(text.markLength(put('\ufeff'), 2)).toBe(0)
  expect(text.markLength(put('abc'), 3)).toBe(0)
  for (const at of [0, 1, 2]) {
    const bytes = Buffer.from('\ufeffa')
    bytes[at]! ^= 1
    expect(text.markLength(put(bytes), 4)).toBe(0)
  }
})

test('an excerpt has one byte more than a log line shows', () => {
  for (const length of [0, 1, 60, 61, 62, 200]) {
    const at = put('x'.repeat(length), Buffer.from('yyyy'))
    const kept = text.excerpt(at, length, to)
    expect(plugin.read(to, kept).toString()).toBe('x'.repeat(Math.min(length, 61)))
  }
})

function useNames(): void {
  const at = put('a-name-of-a-header')
  expect(text.listNames(at, 18, 5)).toBe(180)
  expect(text.listNames(at, 18, 0)).toBe(0)
  text.excerpt(at, 18, to)
}

test('lists of names and excerpts give their memory back', () => {
  expect(plugin.leakOf(useNames)).toBe(0)
})
