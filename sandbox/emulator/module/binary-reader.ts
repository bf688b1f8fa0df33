/** Reads WebAssembly's binary format front to back. Reading past the end throws. */
export class BinaryReader {
  #offset = 0
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get atEnd(): boolean {
    return this.#offset >= this.#bytes.length
  }

  byte(): number {
    const value = this.#bytes[this.#offset++]
    if (value === undefined) throw new Error('The WebAssembly module is cut short.')
    return value
  }

  u32le(): number {
    return (this.byte() | (this.byte() << 8) | (this.byte() << 16) | (this.byte() << 24)) >>> 0
  }

  /** Unsigned LEB128. */
  varuint(): number {
    let value = 0
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
  }

  name(): string {
    return new TextDecoder().decode(this.#take(this.varuint()))
  }

  sub(length: number): BinaryReader {
    return new BinaryReader(this.#take(length))
  }

  skip(length: number): void {
    this.#take(length)
  }

  /** Runs `read` as often as the count that comes first says. */
  repeat(read: () => void): void {
    for (let count = this.varuint(); count > 0; count--) read()
  }

  #take(length: number): Uint8Array {
    const end = this.#offset + length
    if (end > this.#bytes.length) throw new Error('The WebAssembly module is cut short.')
    const part = this.#bytes.subarray(this.#offset, end)
    this.#offset = end
    return part
  }
}
