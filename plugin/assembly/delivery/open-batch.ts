import { Span } from '../memory/span'
import { CLOSE_BRACKET, COMMA, OPEN_BRACKET } from '../text/bytes'
import { Batch, BRACKET, bodyOf, createBatch, freeBatch, shrinkBatch } from './batch'

/**
 * The batch that events are being added to: `[e1,e2,` so far. It has the layout of a sealed batch, with spare room, so
 * that sealing it copies nothing: the room is given back, and the next one begins with as much as this one needed.
 */
@unmanaged
export class OpenBatch {
  private batch: Batch | null
  /** Bytes of JSON that the batch has room for, 0 while there is none. */
  private capacity: u32
  /** What the last one needed. */
  private nextCapacity: u32
  /** Bytes so far: the opening bracket, and each event with the comma or bracket that follows it. */
  length: u32 = BRACKET
  events: u32
  /** When the first event was added. */
  startedAt: u64

  /** Whether an event fits without making the batch larger than `maxBytes`; an empty batch takes any. */
  fits(length: u32, maxBytes: u32): bool {
    return this.events == 0 || <u64>this.length + length + BRACKET <= maxBytes
  }

  /**
   * Where the next event could be written at once, without making the batch larger than `maxBytes`. Empty when there is no
   * memory for it.
   */
  offer(maxBytes: u32, into: Span): void {
    into.clear()
    if (!this.capacity && !this.reserve(min(this.nextCapacity, maxBytes), maxBytes)) return
    const most = min(this.capacity, maxBytes)
    if (this.length + BRACKET < most) {
      into.set(this.body + this.length, most - this.length - BRACKET)
    }
  }

  /**
   * Adds an event to the end: it is copied unless it stands there already. False when there is no memory for it: nothing has
   * changed then.
   *
   * @param maxBytes what the batch will hardly exceed
   */
  append(event: Span, maxBytes: u32, now: u64): bool {
    if (!this.reserve(this.length + event.length + BRACKET, maxBytes)) return false
    if (this.events == 0) this.startedAt = now
    const end = this.body + this.length
    if (event.start != end) memory.copy(end, event.start, event.length)
    store<u8>(end + event.length, COMMA)
    this.length += event.length + BRACKET
    this.events++
    return true
  }

  /** The events as a batch of their own, there being none left here; null when there were none. */
  seal(): Batch | null {
    const batch = this.batch
    if (batch == null || this.events == 0) return null
    const body = this.body
    store<u8>(body, OPEN_BRACKET)
    store<u8>(body + this.length - BRACKET, CLOSE_BRACKET)
    batch.startedAt = this.startedAt
    shrinkBatch(batch, this.length, this.events)
    this.batch = null
    this.nextCapacity = this.length
    this.capacity = 0
    this.clear()
    return batch
  }

  /** Where the JSON of the batch would start; meaningless while it has no event. */
  get body(): usize {
    return changetype<usize>(this.batch) + offsetof<Batch>()
  }

  clear(): void {
    this.length = BRACKET
    this.events = 0
  }

  free(): void {
    const batch = this.batch
    if (batch != null) freeBatch(batch)
    heap.free(changetype<usize>(this))
  }

  private reserve(length: u32, maxBytes: u32): bool {
    if (length <= this.capacity) return true
    // The first time as much as last time, then doubled.
    const usual = this.capacity ? this.capacity * 2 : this.nextCapacity
    const wanted = max(length, min(usual, maxBytes))
    let grown = createBatch(wanted, 0, 0)
    let capacity = wanted
    if (grown == null) {
      grown = createBatch(length, 0, 0)
      capacity = length
    }
    if (grown == null) return false
    const batch = this.batch
    if (batch != null) {
      memory.copy(bodyOf(grown), bodyOf(batch), this.length)
      freeBatch(batch)
    }
    this.batch = grown
    this.capacity = capacity
    return true
  }
}
