import { placeAnywhere, placeNext } from '../memory/arena'
import { bufferBytes } from '../abi/buffer'
import { BufferType } from '../abi/constants'
import { PADDING, Span } from '../memory/span'
import { giveBack, takeForBody } from './memory-budget'

export const enum BodyState {
  /** All bytes that passed are here. */
  Whole,
  /** The body is longer than the option allows. */
  OverLimit,
  /** Too many bodies of open exchanges are held already. */
  OutOfMemory,
  /** The host did not show a chunk. */
  Unreadable,
}

const chunk = new Span()

/**
 * A body, copied chunk by chunk as it passes. Nothing is kept of a body that turns out larger than allowed, but its
 * length goes on being counted. All zero is the initial state: no byte has passed.
 */
@unmanaged
export class BodyPrefix {
  start: usize
  /** Bytes held. */
  length: u32
  /** Bytes that passed. */
  total: u64
  state: BodyState
  private capacity: u32

  /** A chunk of `size` bytes is passing: it can only be read now. */
  pass(type: BufferType, size: u32, limit: u32): void {
    this.total += size
    if (this.state != BodyState.Whole || size == 0) return
    if (this.total > limit) return this.giveUp(BodyState.OverLimit)
    if (!this.reserve(<u32>this.total)) return this.giveUp(BodyState.OutOfMemory)

    // The host writes the chunk right behind what is held already: its copy is the only one.
    const at = this.start + this.length
    placeNext(at, size)
    bufferBytes(type, 0, size, chunk)
    placeAnywhere()
    if (chunk.length != size || chunk.start != at) return this.giveUp(BodyState.Unreadable)
    this.length += size
  }

  giveUp(state: BodyState): void {
    this.state = state
    this.free()
  }

  /** As if nothing had passed, and nothing more is to be kept. */
  forget(): void {
    this.giveUp(BodyState.OverLimit)
    this.total = 0
  }

  free(): void {
    if (!this.start) return
    heap.free(this.start)
    giveBack(this.capacity)
    this.start = 0
    this.length = 0
  }

  private reserve(length: u32): bool {
    if (length <= this.capacity) return true
    // Exact at first, since most bodies pass in one chunk; then doubled.
    const capacity = this.capacity ? max(length, this.capacity * 2) : length
    if (!takeForBody(capacity - this.capacity)) return false
    this.start = this.start
      ? heap.realloc(this.start, <usize>capacity + PADDING)
      : heap.alloc(<usize>capacity + PADDING)
    this.capacity = capacity
    return true
  }
}
