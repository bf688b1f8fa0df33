import { allocate, footprint, release } from '../memory/store'

const FIRST: u32 = 64

/**
 * A growing list of 32-bit words in the store, at most `most` of them. What does not fit is not kept and `failed` says so:
 * its owner checks that before it uses the content.
 */
@unmanaged
export class Words {
  start: usize = 0
  length: u32 = 0
  failed: bool = false
  private capacity: u32 = 0

  constructor(private most: u32) {}

  @inline
  at(index: u32): u32 {
    return load<u32>(this.start + ((<usize>index) << 2))
  }

  @inline
  set(index: u32, value: u32): void {
    store<u32>(this.start + ((<usize>index) << 2), value)
  }

  push(value: u32): void {
    if (this.length == this.capacity && !this.grow()) return
    this.set(this.length++, value)
  }

  get bytes(): u32 {
    return footprint(this.start)
  }

  free(): void {
    release(this.start)
    heap.free(changetype<usize>(this))
  }

  private grow(): bool {
    const larger = min(this.most, max(FIRST, this.capacity * 2))
    const block: usize = this.failed || larger <= this.capacity ? 0 : allocate((<usize>larger) << 2)
    if (block == 0) {
      this.failed = true
      return false
    }
    memory.copy(block, this.start, (<usize>this.length) << 2)
    release(this.start)
    this.start = block
    this.capacity = larger
    return true
  }
}
