import * as fc from 'fast-check'
import { beforeAll, test } from 'vitest'
import { BitWriter, codesOf } from './support/bit-writer.ts'
import {
  DISTANCE_EXTRA,
  LENGTHS_OF_LENGTHS,
  LENGTHS_ORDER,
  LENGTH_EXTRA,
  dynamicBlock,
  type Block,
} from './support/deflate-blocks.ts'
import { InflateRoom } from './support/inflate.ts'

let room: InflateRoom
beforeAll(async () => {
  room = await InflateRoom.open()
})

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
      room.expectAsZlib(dynamicBlock(block as Block), JSON.stringify(block))
    }),
    { numRuns: 400 },
  )
})

/** 256 and 255 literals, all of eight or nine bits, and whatever is given. */
const plainLiterals = (...more: number[]) => [...Array(255).fill(8), 0, 9, ...more]

/** 257 literals: of each length one that is used, up to 15 bits, and whatever is given. A second one of 15 bits makes the code complete. */
const oneOfEachLength = (...more: number[]) => [
  1,
  ...Array(242 - more.length).fill(0),
  ...Array.from({ length: 14 }, (_, i) => i + 2),
  ...more,
]

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
  ['a distance of 15 bits', { literals: oneOfEachLength(), distances: [15] }],
  ['every code of 15 bits', { literals: oneOfEachLength(15), distances: [1] }],
  ['one code of 15 bits too few', { literals: oneOfEachLength(), distances: [1] }],
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
      room.expectAsZlib(bytes, name)
      room.expectAsZlib(Buffer.concat([bytes, Buffer.from([0, 0, 255, 255, 1, 2, 3, 4])]), name)
    }
  }
})

/** A last block of 257 literals and one distance, up to the lengths of their codes. */
function begin(): BitWriter {
  const writer = new BitWriter().number(1, 1).number(2, 2).number(0, 5).number(0, 5).number(15, 4)
  for (const symbol of LENGTHS_ORDER) writer.number(LENGTHS_OF_LENGTHS[symbol]!, 3)
  return writer
}

test('a repeat of a length needs one before it, and ends with the lengths', () => {
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
  room.expectAsZlib(written([...zeros, [1], [1]]), 'as many as there are')
  room.expectAsZlib(written([[16, 0, 2], ...zeros]), 'a repeat of nothing')
  room.expectAsZlib(written([[1], [18, 127, 7], [18, 106, 7], [1], [1]]), 'another symbol')
  room.expectAsZlib(written([...zeros, [1], [16, 0, 2]]), 'a repeat beyond the end')
  room.expectAsZlib(written([[18, 127, 7], [18, 106, 7], [1], [17, 0, 3]]), 'zeros beyond the end')
  room.expectAsZlib(
    written([[18, 127, 7], [18, 104, 7], [1], [17, 0, 3]]),
    'zeros up to the end, no end of block',
  )
  room.expectAsZlib(
    written([
      [18, 127, 7],
      [18, 127, 7],
    ]),
    'many zeros beyond the end',
  )
  room.expectAsZlib(
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
      room.expectAsZlib(
        writer.number(0x5a5a, 16).number(0xffff, 16).number(0, 24).bytes(),
        `${lengths}, ${count}`,
      )
    }
  }
})
