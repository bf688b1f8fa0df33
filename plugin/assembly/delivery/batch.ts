import { allocate, blockSize, footprint, release, shrink } from '../memory/store'

/** Space before the first event and between two: `[`, then `,`; the last event is followed by `]`. */
export const BRACKET: u32 = 1

export const enum BatchState {
  /** In the queue, to be sent (again). */
  Waiting,
  /** Given to the host, not answered yet. */
  InFlight,
}

/**
 * A sealed batch: this head, then the JSON array of its events, in one block of the store.
 * Times are milliseconds of the delivery's own clock.
 */
@unmanaged
export class Batch {
  /** When its first event came: what its age is measured from. */
  startedAt: u64
  /** When it was last given to the host. */
  calledAt: u64
  previous: Batch | null
  next: Batch | null
  state: BatchState
  /** Of the call in flight. */
  token: u32
  /** Generation of the circuit that the call in flight belongs to. */
  generation: u32
  attempts: u32
  events: u32
  /** Bytes of the JSON array, brackets included. */
  length: u32
  /** The compressed array, kept for the next try; 0 when there is none. */
  compressed: usize
  compressedLength: u32
  /** The host has no compression: don't ask again for this batch. */
  isIncompressible: bool
  /** Its events count as unconfirmed rather than pending. */
  unconfirmed: bool
}

/** A batch with room for `length` bytes of JSON, or null when there is no memory for it. */
export function createBatch(length: u32, events: u32, startedAt: u64): Batch | null {
  const pointer = allocate(offsetof<Batch>() + <usize>length)
  if (!pointer) return null
  memory.fill(pointer, 0, offsetof<Batch>())
  const batch = changetype<Batch>(pointer)
  batch.length = length
  batch.events = events
  batch.startedAt = startedAt
  return batch
}

/** Where the JSON array of a batch starts. */
export function bodyOf(batch: Batch): usize {
  return changetype<usize>(batch) + offsetof<Batch>()
}

/** Linear memory that a batch takes. */
export function memoryOf(batch: Batch): u32 {
  return footprint(changetype<usize>(batch)) + footprint(batch.compressed)
}

/** Keeps the first `length` bytes of the JSON, which hold `events` events, and discards its compressed form. */
export function shrinkBatch(batch: Batch, length: u32, events: u32): void {
  release(batch.compressed)
  batch.compressed = 0
  batch.length = length
  batch.events = events
  shrink(changetype<usize>(batch), offsetof<Batch>() + <usize>length)
}

/** The memory of a batch with `length` bytes of JSON. */
export function batchWeight(length: u32): u64 {
  return blockSize(offsetof<Batch>() + <usize>length)
}

export function freeBatch(batch: Batch): void {
  release(batch.compressed)
  release(changetype<usize>(batch))
}
