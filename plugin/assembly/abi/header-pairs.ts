import { Span } from '../memory/span'

/**
 * Builds the header blob of an `httpCall`: u32 count, the lengths of all pairs, then name, 0, value, 0 for each.
 * The number of pairs is fixed beforehand because the lengths stand in front.
 */
@unmanaged
export class HeaderPairs {
  blob: usize
  length: u32
  private added: u32
  private capacity: u32

  /** `bytes`: sum of the lengths of all names and values. */
  constructor(pairs: u32, bytes: u32) {
    this.capacity = 4 + pairs * 10 + bytes
    this.blob = heap.alloc(this.capacity)
    store<u32>(this.blob, pairs)
    this.length = 4 + pairs * 8
  }

  /** Ignored when it exceeds the capacity that the constructor was given. */
  add(name: Span, value: usize, valueLength: u32): void {
    const needed = name.length + valueLength + 2
    if (this.length + needed > this.capacity) return
    const lengths = this.blob + 4 + this.added * 8
    store<u32>(lengths, name.length)
    store<u32>(lengths, valueLength, 4)
    let at = this.blob + this.length
    memory.copy(at, name.start, name.length)
    at += name.length
    store<u8>(at, 0)
    memory.copy(at + 1, value, valueLength)
    store<u8>(at + 1 + valueLength, 0)
    this.length += needed
    this.added++
  }

  addSpan(name: Span, value: Span): void {
    this.add(name, value.start, value.length)
  }

  free(): void {
    heap.free(this.blob)
    heap.free(changetype<usize>(this))
  }
}
