/** Bits of a deflate stream (RFC 1951, 3.1.1). */
export class BitWriter {
  private readonly bits: number[] = []

  /** A number, its lowest bit first. */
  number(value: number, count: number): this {
    for (let i = 0; i < count; i++) this.bits.push((value >> i) & 1)
    return this
  }

  /** A Huffman code, its first bit first. */
  code(value: number, count: number): this {
    for (let i = count - 1; i >= 0; i--) this.bits.push((value >> i) & 1)
    return this
  }

  align(): this {
    while (this.bits.length % 8) this.bits.push(0)
    return this
  }

  bytes(): Buffer {
    const bytes = Buffer.alloc(Math.ceil(this.bits.length / 8))
    for (const [i, bit] of this.bits.entries()) bytes[i >> 3]! |= bit << (i & 7)
    return bytes
  }
}

/** The codes of symbols by their lengths, 0 for one that has none: RFC 1951, 3.2.2. */
export function codesOf(lengths: readonly number[]): { code: number; length: number }[] {
  const order = lengths
    .map((length, symbol) => ({ length, symbol }))
    .filter(({ length }) => length > 0)
    .sort((a, b) => a.length - b.length || a.symbol - b.symbol)
  const codes = lengths.map((length) => ({ code: 0, length }))
  let next = 0
  let last = 0
  for (const { length, symbol } of order) {
    next <<= length - last
    codes[symbol] = { code: next++, length }
    last = length
  }
  return codes
}
