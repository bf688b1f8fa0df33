import { deflateRawSync, deflateSync, gzipSync, inflateRawSync } from 'node:zlib'
import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { BitWriter, codesOf } from './support/bit-writer.ts'
import { Room } from './support/room-memory.ts'

interface Exports {
  decompress(compression: number, start: number, length: number, to: number, limit: number): number
}

const GZIP = 1
const DEFLATE = 2
const BROKEN = -1
const TOO_LONG = -2
const MOST = 200_000

let plugin: Room<Exports>
let output: number
beforeAll(async () => {
  plugin = await Room.compile<Exports>('bytes')
  output = plugin.allocate(MOST)
})

/** The decompressed bytes, or why there are none; `behind` stands behind the input. */
function decompress(
  bytes: Uint8Array,
  { compression = DEFLATE, limit = MOST, behind = Buffer.alloc(16, 0xa5) } = {},
): Buffer | number {
  const start = plugin.place(Buffer.concat([bytes, behind]))
  const result = plugin.exports.decompress(compression, start, bytes.length, output, limit)
  plugin.release(start)
  return result < 0 ? result : plugin.read(output, result)
}

function asZlib(bytes: Uint8Array): Buffer | number {
  try {
    return inflateRawSync(bytes, { maxOutputLength: MOST })
  } catch {
    return BROKEN
  }
}

/** What is bare deflate for certain: not two bytes that look like a header of zlib. */
const isBare = (bytes: Uint8Array) => ((bytes[0]! << 8) | (bytes[1] ?? 0)) % 31 !== 0

function expectAsZlib(bytes: Uint8Array, what: string): void {
  if (!isBare(bytes)) return
  expect(decompress(bytes), what).toEqual(asZlib(bytes))
}

/** Bytes in which nothing is found twice. */
function noise(length: number): Buffer {
  let state = 1
  return Buffer.from(
    Array.from({ length }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return state >>> 24
    }),
  )
}

test('a piece is repeated in each length', () => {
  const first = noise(300)
  for (let length = 3; length <= 258; length++) {
    const content = Buffer.concat([first, first.subarray(20, 20 + length), Buffer.from('end')])
    expect(decompress(deflateSync(content, { level: 9 })), String(length)).toEqual(content)
  }
})

test('a piece is repeated over each distance', () => {
  const all = noise(33_000)
  const edges = Array.from({ length: 15 }, (_, i) => [2 ** i, 1.5 * 2 ** i]).flat()
  for (const edge of edges.flatMap((base) => [base - 1, base, base + 1, base + 2])) {
    if (edge < 1 || edge > 32_768) continue
    const content = Buffer.concat([all.subarray(0, edge), all.subarray(0, Math.min(edge, 40))])
    const long = Buffer.concat([content, content.subarray(-edge), content.subarray(-edge)])
    for (const bytes of [content, long]) {
      expect(decompress(deflateSync(bytes, { level: 9 })), String(edge)).toEqual(bytes)
    }
  }
})

const LENGTHS_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
/** A complete code for the 19 symbols that lengths of codes are written with. */
const LENGTHS_OF_LENGTHS = Array.from({ length: 19 }, (_, i) => (i < 13 ? 4 : 5))

/** Lengths of a complete code of so many symbols, shuffled by a seed. */
function completeCode(symbols: number, most: number, seed: number): number[] {
  const lengths = [0]
  let state = seed
  while (lengths.length < symbols) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    const splittable = lengths.flatMap((length, i) => (length < most ? [i] : []))
    const at = splittable[(state >>> 8) % splittable.length]!
    lengths[at]!++
    lengths.splice((state >>> 4) % (lengths.length + 1), 0, lengths[at]!)
  }
  return lengths
}

interface Block {
  literals: number[]
  distances: number[]
  /** Symbols to write, by their number; a distance behind each length. */
  symbols?: [literal: number, extra?: number, distance?: number, distanceExtra?: number][]
  /** Repeats in the lengths are written as such. */
  packed?: boolean
}

const LENGTH_EXTRA = (symbol: number) => (symbol < 265 || symbol > 284 ? 0 : (symbol - 261) >> 2)
const DISTANCE_EXTRA = (symbol: number) => (symbol < 4 ? 0 : (symbol >> 1) - 1)

/** A last block with these codes. */
function dynamicBlock({ literals, distances, symbols = [[256]], packed = false }: Block): Buffer {
  const writer = new BitWriter().number(1, 1).number(2, 2)
  writer
    .number(literals.length - 257, 5)
    .number(distances.length - 1, 5)
    .number(15, 4)
  for (const symbol of LENGTHS_ORDER) writer.number(LENGTHS_OF_LENGTHS[symbol]!, 3)
  const codes = codesOf(LENGTHS_OF_LENGTHS)
  const put = (symbol: number) => writer.code(codes[symbol]!.code, codes[symbol]!.length)
  const all = [...literals, ...distances]
  for (let i = 0; i < all.length;) {
    let run = 1
    while (i + run < all.length && all[i + run] === all[i]) run++
    if (packed && all[i] === 0 && run >= 3) {
      const times = Math.min(run, 138)
      if (times > 10) put(18).number(times - 11, 7)
      else put(17).number(times - 3, 3)
      i += times
    } else if (packed && i > 0 && all[i] === all[i - 1] && run >= 3) {
      const times = Math.min(run, 6)
      put(16).number(times - 3, 2)
      i += times
    } else put(all[i++]!)
  }
  const [literalCodes, distanceCodes] = [codesOf(literals), codesOf(distances)]
  for (const [literal, extra = 0, distance, distanceExtra = 0] of symbols) {
    writer.code(literalCodes[literal]?.code ?? 0, literalCodes[literal]?.length ?? 0)
    if (literal > 256) writer.number(extra, LENGTH_EXTRA(literal))
    if (distance === undefined) continue
    const code = distanceCodes[distance]
    writer.code(code?.code ?? 0, code?.length ?? 0)
    writer.number(distanceExtra, DISTANCE_EXTRA(distance))
  }
  return writer.bytes()
}

const withEnd = (lengths: number[]) => {
  const all = [...lengths]
  if (!all[256]) [all[256], all[0]] = [all[0]!, all[256]!]
  return all
}

test('codes of every shape are read as zlib reads them', () => {
  const shape = fc.record({
    symbols: fc.integer({ min: 257, max: 286 }),
    used: fc.integer({ min: 2, max: 257 }),
    distances: fc.integer({ min: 1, max: 30 }),
    most: fc.integer({ min: 9, max: 15 }),
    seed: fc.nat(),
    packed: fc.boolean(),
    symbolsSeed: fc.nat(),
  })
  fc.assert(
    fc.property(shape, ({ symbols, used, distances, most, seed, packed, symbolsSeed }) => {
      const code = completeCode(used, most, seed)
      const literals = withEnd([...code, ...Array(symbols - used).fill(0)])
      const distanceCode = distances < 2 ? [1] : completeCode(distances, most, seed + 1)
      const present = literals.flatMap((length, symbol) => (length ? [symbol] : []))
      const written: NonNullable<Block['symbols']> = []
      let state = symbolsSeed
      const next = (below: number) => {
        state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
        return (state >>> 8) % below
      }
      for (let i = 0; i < 60; i++) {
        const symbol = present[next(present.length)]!
        if (symbol === 256) continue
        if (symbol < 256) written.push([symbol])
        else {
          const distance = next(Math.min(distances, 12))
          const extras = [LENGTH_EXTRA(symbol), DISTANCE_EXTRA(distance)]
          written.push([symbol, next(1 << extras[0]!), distance, next(1 << extras[1]!)])
        }
      }
      const block = { literals, distances: distanceCode, symbols: [...written, [256]], packed }
      expectAsZlib(dynamicBlock(block as Block), JSON.stringify(block))
    }),
    { numRuns: 400 },
  )
})

/** 256 and 255 literals, all of eight or nine bits, and whatever is given. */
const plainLiterals = (...more: number[]) => [...Array(255).fill(8), 0, 9, ...more]
const hello = (tail: NonNullable<Block['symbols']> = []): NonNullable<Block['symbols']> => [
  ...[...Buffer.from('hello')].map((byte): [number] => [byte]),
  ...tail,
  [256],
]

test.each<[name: string, block: Block]>([
  ['complete', { literals: plainLiterals(9), distances: [1, 1] }],
  ['one distance of one bit', { literals: plainLiterals(9), distances: [1] }],
  ['one distance of two bits', { literals: plainLiterals(9), distances: [2] }],
  ['one distance of one bit, behind others', { literals: plainLiterals(9), distances: [0, 0, 1] }],
  ['no distance', { literals: plainLiterals(9), distances: [0] }],
  ['two distances of two bits', { literals: plainLiterals(9), distances: [2, 2] }],
  ['too many distances of one bit', { literals: plainLiterals(9), distances: [1, 1, 1] }],
  ['too few literals', { literals: plainLiterals(), distances: [1, 1] }],
  ['too many literals', { literals: plainLiterals(9, 9), distances: [1, 1] }],
  ['no end of the block', { literals: [...Array(256).fill(8), 0], distances: [1, 1] }],
  ['only the end, of one bit', { literals: [...Array(256).fill(0), 1], distances: [0] }],
  ['only the end, of two bits', { literals: [...Array(256).fill(0), 2], distances: [0] }],
  ['the end and another', { literals: [1, ...Array(255).fill(0), 1], distances: [1] }],
  ['286 literals', { literals: plainLiterals(9, ...Array(28).fill(0)), distances: [1, 1] }],
  ['287 literals', { literals: plainLiterals(9, ...Array(29).fill(0)), distances: [1, 1] }],
  ['30 distances', { literals: plainLiterals(9), distances: [1, 1, ...Array(28).fill(0)] }],
  ['31 distances', { literals: plainLiterals(9), distances: [1, 1, ...Array(29).fill(0)] }],
  [
    'a code of 15 bits',
    {
      literals: [1, ...Array(242).fill(0), 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
      distances: [15],
    },
  ],
])('codes are taken or refused as by zlib: %s', (name, block) => {
  const has = (symbol: number) => (block.literals[symbol] ?? 0) > 0
  const all: NonNullable<Block['symbols']>[] = [[[256]]]
  if (has(104)) all.push(hello())
  if (has(257)) {
    for (const distance of block.distances.keys()) all.push(hello([[257, 0, distance]]))
  }
  for (const symbols of all) {
    for (const packed of [false, true]) {
      const bytes = dynamicBlock({ ...block, symbols, packed })
      expectAsZlib(bytes, name)
      expectAsZlib(Buffer.concat([bytes, Buffer.from([0, 0, 255, 255, 1, 2, 3, 4])]), name)
    }
  }
})

test('a repeat of a length needs one before it, and ends with the lengths', () => {
  const begin = () => {
    const writer = new BitWriter().number(1, 1).number(2, 2).number(0, 5).number(0, 5).number(15, 4)
    for (const symbol of LENGTHS_ORDER) writer.number(LENGTHS_OF_LENGTHS[symbol]!, 3)
    return writer
  }
  const codes = codesOf(LENGTHS_OF_LENGTHS)
  const written = (symbols: [symbol: number, extra?: number, bits?: number][]) => {
    const writer = begin()
    for (const [symbol, extra = 0, bits = 0] of symbols) {
      writer.code(codes[symbol]!.code, codes[symbol]!.length).number(extra, bits)
    }
    return Buffer.concat([writer.number(0, 16).bytes(), Buffer.alloc(8)])
  }
  const zeros: [number, number, number][] = [
    [18, 127, 7],
    [18, 107, 7],
  ]
  expectAsZlib(written([...zeros, [1], [1]]), 'as many as there are')
  expectAsZlib(written([[16, 0, 2], ...zeros]), 'a repeat of nothing')
  expectAsZlib(written([[1], [18, 127, 7], [18, 106, 7], [1], [1]]), 'another symbol')
  expectAsZlib(written([...zeros, [1], [16, 0, 2]]), 'a repeat beyond the end')
  expectAsZlib(written([[18, 127, 7], [18, 106, 7], [1], [17, 0, 3]]), 'zeros beyond the end')
  expectAsZlib(
    written([[18, 127, 7], [18, 104, 7], [1], [17, 0, 3]]),
    'zeros up to the end, no end of block',
  )
  expectAsZlib(
    written([
      [18, 127, 7],
      [18, 127, 7],
    ]),
    'many zeros beyond the end',
  )
  expectAsZlib(
    written([[1], [17, 7, 3], [18, 127, 7], [18, 96, 7], [1], [1]]),
    'short runs of zeros',
  )
})

test('a code of code lengths that is incomplete, or has too many, is refused', () => {
  for (const lengths of [
    [1, 1],
    [1],
    [0],
    [7],
    [1, 1, 1],
    [2, 2, 2],
    [2, 2, 1],
    [1, 2, 3, 4, 5, 6, 7, 7],
  ]) {
    for (let count = 4; count <= 19; count++) {
      const writer = new BitWriter().number(1, 1).number(2, 2).number(0, 5).number(0, 5)
      writer.number(count - 4, 4)
      for (let i = 0; i < count; i++) writer.number(lengths[i] ?? 0, 3)
      expectAsZlib(
        writer.number(0x5a5a, 16).number(0xffff, 16).number(0, 24).bytes(),
        `${lengths}, ${count}`,
      )
    }
  }
})

/** The fixed code: RFC 1951, 3.2.6. */
const FIXED = codesOf(
  Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)),
)
function fixedBlock(symbols: [literal: number, distance?: number][], last = 1): BitWriter {
  const writer = new BitWriter().number(last, 1).number(1, 2)
  for (const [literal, distance] of symbols) {
    writer.code(FIXED[literal]!.code, FIXED[literal]!.length)
    if (literal > 256) writer.number(0, LENGTH_EXTRA(literal))
    if (distance !== undefined) writer.code(distance, 5).number(0, DISTANCE_EXTRA(distance))
  }
  return writer
}

test('each symbol of the fixed code is what it is for zlib', () => {
  const first = Array.from({ length: 256 }, (_, byte): [number] => [byte])
  for (let symbol = 257; symbol < 288; symbol++) {
    for (const distance of symbol < 260 ? [...Array(32).keys()] : [0, 14]) {
      const block = fixedBlock([...first, ...first, [symbol, distance], [65], [256]])
      expectAsZlib(block.bytes(), `${symbol} ${distance}`)
    }
  }
})

test('a repeat from before the beginning is broken, from the beginning itself it is not', () => {
  for (const distance of [0, 1, 2, 3, 4]) {
    for (let length = 0; length < 7; length++) {
      const first = Array.from({ length }, (_, i): [number] => [65 + i])
      expectAsZlib(fixedBlock([...first, [258, distance], [256]]).bytes(), `${length} ${distance}`)
    }
  }
})

function storedBlock(text: string, last: number, complement = 0xffff): Buffer {
  const writer = new BitWriter().number(last, 1).number(0, 2).align()
  writer.number(text.length, 16).number(text.length ^ complement, 16)
  return Buffer.concat([writer.bytes(), Buffer.from(text)])
}

test('blocks of all kinds follow each other, and a kind that there is none of is broken', () => {
  const fixed = Buffer.concat([
    fixedBlock([[72], [256]], 0)
      .number(0, 3)
      .align()
      .number(0, 16)
      .number(0xffff, 16)
      .bytes(),
  ])
  expectAsZlib(
    Buffer.concat([fixed, storedBlock('ello', 0), storedBlock('', 0), storedBlock('!', 1)]),
    'stored',
  )
  expectAsZlib(
    Buffer.concat([fixed, storedBlock('ello', 1, 0xfffe)]),
    'a length that contradicts itself',
  )
  expectAsZlib(
    Buffer.concat([storedBlock('x'.repeat(65_535), 0), storedBlock('y', 1)]),
    'the longest',
  )
  expectAsZlib(new BitWriter().number(1, 1).number(3, 2).number(0, 13).bytes(), 'the fourth kind')
  expectAsZlib(Buffer.concat([storedBlock('a', 0), new BitWriter().number(7, 3).bytes()]), 'later')
  for (const end of [1, 2, 3, 4, 5, 6, 7, 8, 9])
    expectAsZlib(storedBlock('abcd', 1).subarray(0, end), String(end))
  const endsEarly = new BitWriter()
    .number(0, 1)
    .number(0, 2)
    .align()
    .number(3, 16)
    .number(0xfffc, 16)
  expect(
    decompress(Buffer.concat([endsEarly.bytes(), Buffer.from('ab')]), {
      behind: Buffer.from('c'.repeat(16)),
    }),
  ).toBe(BROKEN)
})

test('a stored block that claims more than there is reads no memory that there is not', () => {
  const claim = new BitWriter().number(1, 1).number(0, 2).align().number(60_000, 16)
  const block = claim.number(60_000 ^ 0xffff, 16).bytes()
  const start = plugin.memoryBytes - block.length - 16
  const before = plugin.read(start, block.length)
  plugin.write(start, block)
  const result = plugin.exports.decompress(DEFLATE, start, block.length, output, MOST)
  plugin.write(start, before)

  expect(result).toBe(BROKEN)
})

test('two bytes are a header of zlib when they are one in RFC 1950, and only without a dictionary', () => {
  const body = deflateRawSync('hello')
  for (let first = 0; first < 256; first++) {
    for (let second = 0; second < 256; second++) {
      const isHeader = (first & 15) === 8 && first >> 4 <= 7 && (first * 256 + second) % 31 === 0
      if (!isHeader && second % 37 !== first % 37) continue
      const isRead = isHeader && (second & 32) === 0
      const result = decompress(Buffer.concat([Buffer.from([first, second]), body]))
      if (isHeader && !isRead) expect(result).toBe(BROKEN)
      else expect(String(result) === 'hello', `${first} ${second}`).toBe(isRead)
    }
  }
  expect(decompress(Buffer.from([]))).toBe(BROKEN)
  expect(decompress(Buffer.from([3]), { behind: Buffer.alloc(16) })).toBe(BROKEN)
  expect(decompress(Buffer.from([3, 0]))).toEqual(Buffer.alloc(0))
})

test('a member of gzip begins with its four fixed bytes, and no flag of the future', () => {
  const plain = gzipSync('hello')
  const changed = (at: number, byte: number) => {
    const bytes = Buffer.from(plain)
    bytes[at] = byte
    return decompress(bytes, { compression: GZIP })
  }
  for (const [at, own] of [0x1f, 0x8b, 8].entries()) {
    for (const byte of [own - 1, own + 1, 0, 255]) expect(changed(at, byte)).toBe(BROKEN)
  }
  for (const flag of [32, 64, 128]) expect(changed(3, flag)).toBe(BROKEN)
  for (const at of [4, 5, 6, 7, 8, 9]) expect(changed(at, 77)).toEqual(Buffer.from('hello'))
  expect(changed(3, 1)).toEqual(Buffer.from('hello'))
})

test('members of gzip of any content follow each other', () => {
  const parts = Array.from({ length: 40 }, (_, i) =>
    noise(i * 3)
      .toString('hex')
      .slice(0, i * 5),
  )
  const whole = Buffer.concat(parts.map((part, i) => gzipSync(part, { level: i % 10 })))
  expect(decompress(whole, { compression: GZIP })).toEqual(Buffer.from(parts.join('')))

  const member = gzipSync('one')
  const behindOne = (bytes: number[], behind: number[] = []) =>
    decompress(Buffer.concat([member, Buffer.from(bytes)]), {
      compression: GZIP,
      behind: Buffer.from([...behind, ...Array(16).fill(0)]),
    })
  for (const bytes of [[0x1f], [0x8b, 0x1f], [0x1f, 0x8a, 8], [0, 0x1f, 0x8b]]) {
    expect(behindOne(bytes)).toEqual(Buffer.from('one'))
  }
  expect(behindOne([0x1f], [0x8b, 8])).toEqual(Buffer.from('one'))
  expect(behindOne([], [...gzipSync('two')])).toEqual(Buffer.from('one'))
  expect(behindOne([0x1f, 0x8b])).toBe(BROKEN)
})

test('a body may grow to 64 KiB, or to 256 times its length', () => {
  const zeros = (length: number, compressed = 0) => {
    const stream = deflateRawSync(Buffer.alloc(length), { level: 9 })
    const rest = Buffer.alloc(Math.max(0, compressed - stream.length))
    return decompress(Buffer.concat([stream, rest]))
  }
  expect(zeros(65_536)).toHaveLength(65_536)
  expect(zeros(65_537)).toBe(TOO_LONG)
  expect(zeros(256 * 300, 300)).toHaveLength(256 * 300)
  expect(zeros(256 * 300 + 1, 300)).toBe(TOO_LONG)
  expect(decompress(deflateRawSync(Buffer.alloc(100)), { limit: 99 })).toBe(TOO_LONG)
})

test('what a stream needs of memory is given back', () => {
  const stream = gzipSync('hello')
  decompress(stream, { compression: GZIP })
  const before = plugin.memoryBytes
  for (let i = 0; i < 3000; i++) decompress(stream, { compression: GZIP })
  expect(plugin.memoryBytes).toBe(before)
})
