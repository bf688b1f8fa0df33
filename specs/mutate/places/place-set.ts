/** What stands before the bytes of the places in a module's memory, so that they are found there. */
export const MAGIC = Buffer.from('\u0001places of a spec')

/** A set of places, a bit each. */
export class PlaceSet {
  readonly bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  static ofCount(count: number): PlaceSet {
    return new PlaceSet(new Uint8Array(Math.ceil(count / 8)))
  }

  static parse(text: string): PlaceSet {
    return new PlaceSet(Buffer.from(text, 'base64'))
  }

  toString(): string {
    return Buffer.from(this.bytes).toString('base64')
  }

  has(place: number): boolean {
    return ((this.bytes[place >> 3] ?? 0) & (1 << (place & 7))) !== 0
  }

  add(place: number): void {
    this.bytes[place >> 3]! |= 1 << (place & 7)
  }

  addAll(other: PlaceSet): void {
    for (const [index, byte] of other.bytes.entries()) this.bytes[index]! |= byte
  }

  get isEmpty(): boolean {
    return this.bytes.every((byte) => byte === 0)
  }

  get size(): number {
    let size = 0
    for (let byte of this.bytes) for (; byte > 0; byte &= byte - 1) size++
    return size
  }
}
