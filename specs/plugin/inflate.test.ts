import { deflateRawSync, deflateSync, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib'
import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { Room } from './support/room-memory.ts'

interface Exports {
  compressionOf(start: number, length: number): number
  decompress(compression: number, start: number, length: number, to: number, limit: number): number
}

const GZIP = 1
const DEFLATE = 2
const BROKEN = -1
const TOO_LONG = -2

const MOST = 1_000_000
const GUARD = Buffer.alloc(32, 0x5a)

let plugin: Room<Exports>
/** Room for what is decompressed, the 16 bytes that may be written behind it, and a guard on both sides. */
let output: number
beforeAll(async () => {
  plugin = await Room.compile<Exports>('bytes')
  output = plugin.allocate(GUARD.length + MOST + 16 + GUARD.length)
})

const shown = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

/** The decompressed bytes, or why there are none. */
function decompress(compression: number, bytes: Uint8Array, limit = MOST): string | number {
  // Right behind the input stand bytes that are not its own.
  const start = plugin.place(Buffer.concat([bytes, Buffer.alloc(16, 0xa5)]))
  const to = output + GUARD.length
  const behind = to + limit + 16
  for (const at of [output, behind]) plugin.write(at, GUARD)

  const result = plugin.exports.decompress(compression, start, bytes.length, to, limit)

  plugin.release(start)
  for (const at of [output, behind]) expect(plugin.read(at, GUARD.length).equals(GUARD)).toBe(true)
  return result < 0 ? result : shown(plugin.read(to, result))
}

const json = fc.json({ maxDepth: 5 }).map((text) => Buffer.from(text))
const codePoint = fc.integer({ min: 0, max: 0x10_ff_ff }).map((code) => String.fromCodePoint(code))
const text = fc
  .tuple(
    // Of the unit `binary`, fast-check makes a table of every code point.
    fc.string({ minLength: 1, maxLength: 40, unit: codePoint }),
    fc.integer({ min: 1, max: 3000 }),
  )
  .map(([piece, times]) => Buffer.from(piece.repeat(times)).subarray(0, 65_536))
const noise = fc.uint8Array({ maxLength: 40_000, size: 'max' }).map((bytes) => Buffer.from(bytes))
const content = fc.oneof(json, text, noise)
const options = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.integer({ min: 0, max: 4 }),
  windowBits: fc.integer({ min: 9, max: 15 }),
  memLevel: fc.integer({ min: 1, max: 9 }),
})

test('gzip, zlib and bare deflate, however compressed, give what zlib was given', () => {
  fc.assert(
    fc.property(content, options, (bytes, how) => {
      expect(decompress(GZIP, gzipSync(bytes, how))).toBe(shown(bytes))
      expect(decompress(DEFLATE, deflateSync(bytes, how))).toBe(shown(bytes))
      expect(decompress(DEFLATE, deflateRawSync(bytes, how))).toBe(shown(bytes))
    }),
    { numRuns: 150 },
  )
})

test('a gzip header may have a name, a comment, extra bytes and a checksum of its own', () => {
  const plain = gzipSync('hello')
  const extras: [flag: number, bytes: string][] = [
    [4, '\x03\x00abc'],
    [8, 'name\0'],
    [16, 'comment\0'],
    [2, '##'],
  ]
  for (let mask = 0; mask < 16; mask++) {
    const chosen = extras.filter((_, index) => mask & (1 << index))
    const header = Buffer.from(plain.subarray(0, 10))
    header[3] = chosen.reduce((flags, [flag]) => flags | flag, 0)
    const parts = chosen.map(([, bytes]) => Buffer.from(bytes, 'latin1'))

    const whole = Buffer.concat([header, ...parts, plain.subarray(10)])

    expect(decompress(GZIP, whole)).toBe('hello')
    for (let end = 0; end < whole.length; end++) {
      expect(decompress(GZIP, whole.subarray(0, end)), `cut at ${end}`).toBe(BROKEN)
    }
  }
})

test('members of gzip that follow each other are one body, and what is none of them is passed over', () => {
  const two = Buffer.concat([gzipSync('one '), gzipSync('two')])

  expect(decompress(GZIP, two)).toBe('one two')
  expect(decompress(GZIP, Buffer.concat([two, Buffer.alloc(20)]))).toBe('one two')
})

test('what is cut off anywhere is broken', () => {
  fc.assert(
    fc.property(content, options, fc.nat(), (bytes, how, cut) => {
      const whole = gzipSync(bytes, how)
      expect(decompress(GZIP, whole.subarray(0, cut % whole.length))).toBe(BROKEN)
    }),
    { numRuns: 100 },
  )
})

/** zlib's own answer, checksums apart: those of a body that was changed on its way are not looked at. */
function asZlib(bytes: Uint8Array): string | number {
  try {
    return shown(inflateRawSync(bytes, { maxOutputLength: MOST }))
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? TOO_LONG : BROKEN
  }
}

/** What is both too long and broken may be called either: zlib looks at the length only after a piece of 16 KiB. */
function expectAsZlib(bytes: Uint8Array): void {
  const own = decompress(DEFLATE, bytes)
  const theirs = asZlib(bytes)
  if (own === TOO_LONG && theirs === BROKEN) return
  expect(own).toBe(theirs)
}

test('a window that zlib does not have makes no zlib header of what looks like one', () => {
  // A stored block of 28 bytes, whose first two bytes are 0x88 and 28: a multiple of 31.
  const stored = Buffer.concat([Buffer.from([0x88, 28, 0, 0xe3, 0xff]), Buffer.alloc(28, 'a')])
  const stream = Buffer.concat([stored, Buffer.from([1, 0, 0, 0xff, 0xff])])

  expect(inflateRawSync(stream).toString()).toBe('a'.repeat(28))
  expect(decompress(DEFLATE, stream)).toBe('a'.repeat(28))
})

// Behind what looks like a zlib header the stream begins two bytes later.
const isBare = (bytes: Uint8Array) => bytes.length > 1 && ((bytes[0]! << 8) | bytes[1]!) % 31 !== 0

test('bytes changed at random are taken or refused as zlib does, and never written past their room', () => {
  const changed = fc
    .tuple(
      content,
      options,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
    )
    .map(([bytes, how, changes]) => {
      const stream = deflateRawSync(bytes.subarray(0, 3000), how)
      // Most of what can go wrong stands in the first bytes: the codes.
      for (const [at, byte] of changes) stream[at % Math.min(stream.length, 60)] = byte
      return stream
    })
    .filter(isBare)
  fc.assert(
    fc.property(changed, (bytes) => {
      expectAsZlib(bytes)
    }),
    { numRuns: 700 },
  )
})

test('bytes of no meaning are refused, or taken as zlib takes them', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 2, maxLength: 300 }), (bytes) => {
      if (!isBare(bytes)) return
      expectAsZlib(bytes)
    }),
    { numRuns: 700 },
  )
})

test('a body of exactly the limit is whole, one byte more is too long', () => {
  fc.assert(
    fc.property(content, options, (bytes, how) => {
      const stream = deflateSync(bytes, how)
      expect(decompress(DEFLATE, stream, bytes.length)).toBe(shown(bytes))
      if (bytes.length > 0) expect(decompress(DEFLATE, stream, bytes.length - 1)).toBe(TOO_LONG)
    }),
    { numRuns: 100 },
  )
})

test('a body compressed more than 256 to 1 is too long, unless it is short', () => {
  const bomb = gzipSync(Buffer.alloc(900_000))
  expect(900_000 / bomb.length).toBeGreaterThan(256)

  expect(decompress(GZIP, bomb)).toBe(TOO_LONG)
  expect(decompress(GZIP, gzipSync(Buffer.alloc(65_536)))).toBe(shown(Buffer.alloc(65_536)))
})

test('what Node decompresses of a long JSON document is what is decompressed here', () => {
  const document = Buffer.from(
    JSON.stringify(Array.from({ length: 5000 }, (_, id) => ({ id, name: `n${id % 7}` }))),
  )

  for (const level of [1, 6, 9]) {
    const body = gzipSync(document, { level })
    expect(decompress(GZIP, body)).toBe(shown(gunzipSync(body)))
    expect(decompress(DEFLATE, deflateSync(document, { level }))).toBe(shown(document))
  }
})

test('the name of a compression is read in any case, with blanks around it', () => {
  const names: [value: string, compression: number][] = [
    ['gzip', GZIP],
    [' GZip ', GZIP],
    ['x-gzip', GZIP],
    ['deflate', DEFLATE],
    ['', 0],
    ['identity', 0],
    ['br', 3],
    ['zstd', 3],
    ['gzip, gzip', 3],
  ]
  for (const [value, compression] of names) {
    const start = plugin.place(Buffer.from(value))
    expect(plugin.exports.compressionOf(start, value.length), value).toBe(compression)
    plugin.release(start)
  }
})
