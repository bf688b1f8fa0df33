import { Batch, BRACKET, bodyOf, createBatch } from './batch'
import { allocate, release } from '../abi/store'

const FIRST_CAPACITY: u32 = 16384

/** The batch that events are being added to: `[e1,e2,` so far, in a buffer that is kept from batch to batch. */
@unmanaged
export class OpenBatch {
  private buffer: usize = 0
  private capacity: u32 = 0
  /** Bytes so far: the opening bracket, and each event with the comma or bracket that follows it. */
  length: u32 = BRACKET
  events: u32 = 0
  /** When the first event was added. */
  bornAt: u64 = 0

  /** Whether an event fits without making the batch larger than `maxBytes`; an empty batch takes any. */
  fits(length: u32, maxBytes: u32): bool {
    return this.events == 0 || <u64>this.length + length + BRACKET <= maxBytes
  }

  /** Copies an event to the end. False when there is no memory for it: nothing has changed then. */
  append(event: usize, length: u32, now: u64): bool {
    if (!this.reserve(this.length + length + BRACKET)) return false
    if (this.events == 0) this.bornAt = now
    memory.copy(this.buffer + this.length, event, length)
    this.length += length
    store<u8>(this.buffer + this.length, 0x2c)
    this.length += BRACKET
    this.events++
    return true
  }

  /** The events as a batch of their own, the buffer being empty again; null when there is no memory. */
  seal(): Batch | null {
    const batch = createBatch(this.length, this.events, this.bornAt)
    if (!batch) return null
    this.copyTo(bodyOf(batch))
    this.clear()
    return batch
  }

  /** Where the JSON of the batch would start; meaningless while it has no event. */
  get body(): usize {
    return this.buffer
  }

  clear(): void {
    this.length = BRACKET
    this.events = 0
  }

  /** Gives the buffer back too. */
  free(): void {
    this.clear()
    release(this.buffer)
    this.buffer = 0
    this.capacity = 0
  }

  private copyTo(body: usize): void {
    memory.copy(body, this.buffer, this.length)
    store<u8>(body, 0x5b)
    store<u8>(body + this.length - 1, 0x5d)
  }

  private reserve(length: u32): bool {
    if (length <= this.capacity) return true
    let capacity = max(this.capacity, FIRST_CAPACITY)
    while (capacity < length) capacity <<= 1
    const buffer = allocate(capacity)
    if (buffer == 0) return false
    memory.copy(buffer, this.buffer, this.events == 0 ? 0 : this.length)
    release(this.buffer)
    this.buffer = buffer
    this.capacity = capacity
    return true
  }
}
