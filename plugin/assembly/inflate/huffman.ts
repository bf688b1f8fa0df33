/** A canonical Huffman code of deflate (RFC 1951, 3.2.2). Codes of up to this many bits take one table lookup. */
const FAST_BITS: u32 = 10
const LONGEST: u32 = 15
const MOST_SYMBOLS: usize = 288

/** u16 for each value of the next `FAST_BITS` bits: symbol << 4 | length of its code, 0 for a longer code or none. */
const FAST: usize = 0
/** u16 for each length: how many codes have it. */
const COUNTS: usize = FAST + (1 << FAST_BITS) * 2
/** u16 each: the symbols in the order of their codes. */
const SYMBOLS: usize = COUNTS + (LONGEST + 1) * 2
const SIZE: usize = SYMBOLS + MOST_SYMBOLS * 2

const next = memory.data(32)

export function createCode(): usize {
  return heap.alloc(SIZE)
}

/**
 * Makes the code of symbols 0 to `count` - 1 from the lengths of their codes, one byte each, 0 for an unused symbol.
 * False: there are too many codes of these lengths, or too few. What zlib takes is taken: no code at all, or a single
 * one of one bit, unless `complete`.
 */
export function buildCode(code: usize, lengths: usize, count: u32, complete: bool = false): bool {
  const counts = code + COUNTS
  memory.fill(counts, 0, (LONGEST + 1) * 2)
  for (let symbol: u32 = 0; symbol < count; symbol++) {
    const at = counts + ((<usize>load<u8>(lengths + symbol)) << 1)
    store<u16>(at, load<u16>(at) + 1)
  }
  store<u16>(counts, 0)

  let left: i32 = 1
  let used: u32 = 0
  for (let length: u32 = 1; length <= LONGEST; length++) {
    const here: u32 = load<u16>(counts + (length << 1))
    left = (left << 1) - here
    if (left < 0) return false
    used += here
  }
  if (left > 0 && (complete || used > 1 || (used == 1 && load<u16>(counts, 2) != 1))) return false

  let place: u16 = 0
  for (let length: u32 = 1; length <= LONGEST; length++) {
    store<u16>(next + (length << 1), place)
    place += load<u16>(counts + (length << 1))
  }
  for (let symbol: u32 = 0; symbol < count; symbol++) {
    const length = load<u8>(lengths + symbol)
    if (!length) continue
    const at = next + ((<usize>length) << 1)
    const index = load<u16>(at)
    store<u16>(code + SYMBOLS + ((<usize>index) << 1), <u16>symbol)
    store<u16>(at, index + 1)
  }
  fillFast(code)
  return true
}

function fillFast(code: usize): void {
  memory.fill(code + FAST, 0, (1 << FAST_BITS) * 2)
  let bits: u32 = 0
  let index: usize = 0
  for (let length: u32 = 1; length <= FAST_BITS; length++) {
    const count: u32 = load<u16>(code + COUNTS + (length << 1))
    for (let i: u32 = 0; i < count; i++) {
      const entry = (load<u16>(code + SYMBOLS + (index++ << 1)) << 4) | (<u16>length)
      // Codes come with their first bit in the lowest: RFC 1951, 3.1.1.
      for (let at = reversed(bits, length); at < 1 << FAST_BITS; at += 1 << length) {
        store<u16>(code + FAST + (at << 1), entry)
      }
      bits++
    }
    bits <<= 1
  }
}

function reversed(bits: u32, length: u32): u32 {
  let result: u32 = 0
  for (let i: u32 = 0; i < length; i++) result |= ((bits >> i) & 1) << (length - 1 - i)
  return result
}

/** What the next bits say: symbol << 4 | length of its code; 0: ask `longSymbol`. */
export function shortSymbol(code: usize, bits: u64): u32 {
  return load<u16>(code + FAST + (((<usize>bits) & ((1 << FAST_BITS) - 1)) << 1))
}

/** The same for any code; 0: there is no such code. */
export function longSymbol(code: usize, bits: u64): u32 {
  let value: i32 = 0
  let first: i32 = 0
  let index: i32 = 0
  for (let length: u32 = 1; length <= LONGEST; length++) {
    value |= <i32>((bits >> (length - 1)) & 1)
    const count: i32 = load<u16>(code + COUNTS + (length << 1))
    if (value - count < first) {
      const symbol: u32 = load<u16>(code + SYMBOLS + ((<usize>(index + value - first)) << 1))
      return (symbol << 4) | length
    }
    index += count
    first = (first + count) << 1
    value <<= 1
  }
  return 0
}
