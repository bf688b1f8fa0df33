import { BitWriter, codesOf } from './bit-writer.ts'

export const LENGTHS_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
/** A complete code for the 19 symbols that lengths of codes are written with. */
export const LENGTHS_OF_LENGTHS = Array.from({ length: 19 }, (_, i) => (i < 13 ? 4 : 5))

export interface Block {
  literals: number[]
  distances: number[]
  /** Symbols to write, by their number; a distance behind each length. */
  symbols?: [literal: number, extra?: number, distance?: number, distanceExtra?: number][]
  /** Repeats in the lengths are written as such. */
  packed?: boolean
}

export const LENGTH_EXTRA = (symbol: number) =>
  symbol < 265 || symbol > 284 ? 0 : (symbol - 261) >> 2
export const DISTANCE_EXTRA = (symbol: number) => (symbol < 4 ? 0 : (symbol >> 1) - 1)

/** A last block with these codes. */
export function dynamicBlock({
  literals,
  distances,
  symbols = [[256]],
  packed = false,
}: Block): Buffer {
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

/** The fixed code: RFC 1951, 3.2.6. */
const FIXED = codesOf(
  Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8)),
)

export function fixedBlock(symbols: [literal: number, distance?: number][], last = 1): BitWriter {
  const writer = new BitWriter().number(last, 1).number(1, 2)
  for (const [literal, distance] of symbols) {
    writer.code(FIXED[literal]!.code, FIXED[literal]!.length)
    if (literal > 256) writer.number(0, LENGTH_EXTRA(literal))
    if (distance !== undefined) writer.code(distance, 5).number(0, DISTANCE_EXTRA(distance))
  }
  return writer
}

export function storedBlock(text: string, last: number, complement = 0xffff): Buffer {
  const writer = new BitWriter().number(last, 1).number(0, 2).align()
  writer.number(text.length, 16).number(text.length ^ complement, 16)
  return Buffer.concat([writer.bytes(), Buffer.from(text)])
}
