import { buildCode, createCode, longSymbol, shortSymbol } from './huffman'

/** Instead of a number of bytes. */
export const BROKEN: i32 = -1
export const TOO_LONG: i32 = -2

/** u16 base and u8 extra bits of the lengths 257 to 285, and of the distances 0 to 29: RFC 1951, 3.2.5. */
const LENGTH_BASE = memory.data<u16>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
  163, 195, 227, 258,
])
const LENGTH_EXTRA = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
])
const DISTANCE_BASE = memory.data<u16>([
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
  3073, 4097, 6145, 8193, 12289, 16385, 24577,
])
const DISTANCE_EXTRA = memory.data<u8>([
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
])
/** The order in which the lengths of the code of code lengths stand: RFC 1951, 3.2.7. */
const ORDER = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15])

const MOST_LITERALS: u32 = 286
const MOST_DISTANCES: u32 = 30
const END_OF_BLOCK: u32 = 256

/** Of one block, made when the first is decompressed. */
let literals: usize = 0
let distances: usize = 0
const lengths = memory.data(320)

/**
 * Decompresses deflate (RFC 1951). Never reads behind the 16 bytes that every block has behind its end, nor writes behind
 * the 16 behind `to + limit`, whatever the bytes are. Checksums are not checked: what differs
 * differs for the client, too.
 */
@unmanaged
export class Inflater {
  /** The next byte to be read. */
  at: usize
  /** The next byte to be written. */
  out: usize
  private bits: u64
  /** How many of `bits` are of the input. */
  private count: u32

  constructor(
    start: usize,
    private end: usize,
    private to: usize,
    private limit: u32,
  ) {
    this.at = start
    this.out = to
    if (!literals) {
      literals = createCode()
      distances = createCode()
    }
  }

  /** One stream to its last block; 0, BROKEN or TOO_LONG. `at` is then behind it. */
  run(): i32 {
    this.bits = 0
    this.count = 0
    let last: u32 = 0
    while (!last) {
      if (!this.refill()) return BROKEN
      last = this.take(1)
      const kind = this.take(2)
      let result: i32 = BROKEN
      if (kind == 0) result = this.stored()
      else if (kind == 1) {
        fixedCodes()
        result = this.compressed()
      } else if (kind == 2 && this.dynamicCodes()) result = this.compressed()
      if (result) return result
    }
    // Whole bytes that were looked at, but not needed.
    this.at -= this.count >> 3
    return this.at > this.end ? BROKEN : 0
  }

  /** At least 56 bits, of which those behind the end are no input; false when more were taken than there are. */
  private refill(): bool {
    this.bits |= load<u64>(this.at) << this.count
    this.at += (63 - this.count) >> 3
    this.count |= 56
    return this.at - (this.count >> 3) <= this.end
  }

  private take(count: u32): u32 {
    const value = (<u32>this.bits) & ((1 << count) - 1)
    this.bits >>= count
    this.count -= count
    return value
  }

  private stored(): i32 {
    this.take(this.count & 7)
    this.at -= this.count >> 3
    this.bits = 0
    this.count = 0
    if (this.at + 4 > this.end) return BROKEN
    const size: u32 = load<u16>(this.at)
    if ((size ^ load<u16>(this.at, 2)) != 0xffff) return BROKEN
    this.at += 4
    if (this.at + size > this.end) return BROKEN
    if (this.out - this.to + size > this.limit) return TOO_LONG
    memory.copy(this.out, this.at, size)
    this.at += size
    this.out += size
    return 0
  }

  private compressed(): i32 {
    const end = this.end
    const outEnd = this.to + this.limit
    let at = this.at
    let out = this.out
    let bits = this.bits
    let count = this.count
    while (true) {
      // A literal and its code take 15 bits, a length and a distance 48 at most.
      if (count < 48) {
        if (at > end + 8) return BROKEN
        bits |= load<u64>(at) << count
        at += (63 - count) >> 3
        count |= 56
      }
      let entry = shortSymbol(literals, bits)
      if (!entry) {
        entry = longSymbol(literals, bits)
        if (!entry) return BROKEN
      }
      bits >>= entry & 15
      count -= entry & 15
      const symbol = entry >> 4
      if (symbol < END_OF_BLOCK) {
        if (out == outEnd) return this.isBeyond(at, count) ? BROKEN : TOO_LONG
        store<u8>(out++, symbol)
        continue
      }
      if (symbol == END_OF_BLOCK) break
      if (symbol >= MOST_LITERALS) return BROKEN

      const lengthExtra: u32 = load<u8>(LENGTH_EXTRA + symbol - 257)
      const length =
        load<u16>(LENGTH_BASE + ((symbol - 257) << 1)) + ((<u32>bits) & ((1 << lengthExtra) - 1))
      bits >>= lengthExtra
      count -= lengthExtra
      entry = shortSymbol(distances, bits)
      if (!entry) {
        entry = longSymbol(distances, bits)
        if (!entry) return BROKEN
      }
      bits >>= entry & 15
      count -= entry & 15
      const code = entry >> 4
      if (code >= MOST_DISTANCES) return BROKEN
      const extra: u32 = load<u8>(DISTANCE_EXTRA + code)
      const distance = load<u16>(DISTANCE_BASE + (code << 1)) + ((<u32>bits) & ((1 << extra) - 1))
      bits >>= extra
      count -= extra
      if (<usize>distance > out - this.to) return BROKEN
      if (<usize>length > outEnd - out) return this.isBeyond(at, count) ? BROKEN : TOO_LONG
      repeat(out, distance, length)
      out += length
    }
    this.at = at
    this.out = out
    this.bits = bits
    this.count = count
    return this.isBeyond(at, count) ? BROKEN : 0
  }

  /** Bits behind the end were taken for symbols: the stream is cut off. */
  private isBeyond(at: usize, count: u32): bool {
    return at - (count >> 3) > this.end
  }

  private dynamicCodes(): bool {
    if (!this.refill()) return false
    const literalCount = this.take(5) + 257
    const distanceCount = this.take(5) + 1
    const lengthCount = this.take(4) + 4
    if (literalCount > MOST_LITERALS || distanceCount > MOST_DISTANCES) return false
    memory.fill(lengths, 0, 19)
    for (let i: u32 = 0; i < lengthCount; i++) {
      if (!this.refill()) return false
      store<u8>(lengths + load<u8>(ORDER + i), this.take(3))
    }
    if (!buildCode(distances, lengths, 19, true)) return false
    const all = literalCount + distanceCount
    let i: u32 = 0
    while (i < all) {
      if (!this.refill()) return false
      const entry = shortSymbol(distances, this.bits)
      if (!entry) return false
      this.take(entry & 15)
      const symbol = entry >> 4
      if (symbol < 16) {
        store<u8>(lengths + i++, symbol)
        continue
      }
      if (symbol == 16 && !i) return false
      const value: u8 = symbol == 16 ? load<u8>(lengths + i - 1) : 0
      const times =
        symbol == 16 ? this.take(2) + 3 : symbol == 17 ? this.take(3) + 3 : this.take(7) + 11
      if (i + times > all) return false
      memory.fill(lengths + i, value, times)
      i += times
    }
    return (
      buildCode(literals, lengths, literalCount) &&
      buildCode(distances, lengths + literalCount, distanceCount)
    )
  }
}

/** RFC 1951, 3.2.6. */
function fixedCodes(): void {
  memory.fill(lengths, 8, 144)
  memory.fill(lengths + 144, 9, 112)
  memory.fill(lengths + 256, 7, 24)
  memory.fill(lengths + 280, 8, 8)
  buildCode(literals, lengths, 288)
  memory.fill(lengths, 5, 32)
  buildCode(distances, lengths, 32)
}

/** Copies what was written `distance` before, which may overlap what is being written. */
function repeat(to: usize, distance: u32, length: u32): void {
  const from = to - distance
  const end = to + length
  if (distance >= 16) {
    let at = to
    do {
      v128.store(at, v128.load(at - distance))
      at += 16
    } while (at < end)
  } else for (let i: usize = 0; i < length; i++) store<u8>(to + i, load<u8>(from + i))
}
