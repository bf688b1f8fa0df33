import { allocate, release } from './store'
import { PADDING } from './span'

const FIRST: u32 = 256

/** Growing bytes in the store, at most `most` of them. What does not fit is left out, and `failed` says so. */
@unmanaged
export class ByteBuffer {
  start: usize = 0
  length: u32 = 0
  failed: bool = false
  private capacity: u32 = 0

  constructor(private most: u32) {}

  byte(value: u8): void {
    const at = this.room(1)
    if (at) store<u8>(at, value)
  }

  word16(value: u32): void {
    const at = this.room(2)
    if (at) store<u16>(at, <u16>value)
  }

  word32(value: u32): void {
    const at = this.room(4)
    if (at) store<u32>(at, value)
  }

  bytes(from: usize, length: u32): void {
    const at = this.room(length)
    if (at) memory.copy(at, from, length)
  }

  /** Reserves `length` bytes, which count as written, and some more behind them; 0 when there is no space. */
  room(length: u32): usize {
    if (this.failed || (length > this.capacity - this.length && !this.grow(length))) return 0
    const at = this.start + this.length
    this.length += length
    return at
  }

  /** The caller becomes the owner of the block, and frees it by `release`. */
  take(): usize {
    const start = this.start
    this.start = 0
    this.length = 0
    this.capacity = 0
    return start
  }

  free(): void {
    release(this.start)
    heap.free(changetype<usize>(this))
  }

  private grow(length: u32): bool {
    const needed = <u64>this.length + length
    const larger = <u32>(
      min<u64>(this.most, max<u64>(max<u64>(FIRST, needed), <u64>this.capacity * 2))
    )
    const block: usize = needed > <u64>this.most ? 0 : allocate(<usize>larger + PADDING)
    if (block == 0) {
      this.failed = true
      return false
    }
    memory.copy(block, this.start, this.length)
    release(this.start)
    this.start = block
    this.capacity = larger
    return true
  }
}
