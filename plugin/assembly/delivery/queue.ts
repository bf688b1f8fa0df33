import { Batch, BatchState, memoryOf } from './batch'

/** Failures of one batch after which the next one is tried: a batch that always fails must not block the others. */
const TRIES_IN_A_ROW: u32 = 4

/** Sealed batches, oldest first, those in flight included: they are removed when they are delivered or dropped. */
@unmanaged
export class Queue {
  first: Batch | null
  private last: Batch | null
  /** Linear memory that the batches take. */
  bytes: u64
  /** Those of the batches in flight. */
  bytesInFlight: u64
  inFlight: u32

  push(batch: Batch): void {
    this.insertAfter(this.last, batch)
  }

  /** `null`: at the front. */
  insertAfter(previous: Batch | null, batch: Batch): void {
    const next = previous ? previous.next : this.first
    batch.previous = previous
    batch.next = next
    if (previous) previous.next = batch
    else this.first = batch
    if (next) next.previous = batch
    else this.last = batch
    this.bytes += memoryOf(batch)
    this.count(batch, 1)
  }

  /** Where its age puts it: batches taken over from another queue may be older than ours. */
  insertByAge(batch: Batch): void {
    let previous = this.last
    while (previous && previous.startedAt > batch.startedAt) previous = previous.previous
    this.insertAfter(previous, batch)
  }

  remove(batch: Batch): void {
    const previous = batch.previous
    const next = batch.next
    if (previous) previous.next = next
    else this.first = next
    if (next) next.previous = previous
    else this.last = previous
    this.bytes -= memoryOf(batch)
    this.count(batch, -1)
  }

  /** A batch in the queue is given to the host, or comes back. */
  setState(batch: Batch, state: BatchState): void {
    this.count(batch, -1)
    batch.state = state
    this.count(batch, 1)
  }

  /** The memory of a batch that waits has changed. */
  resize(before: u32, batch: Batch): void {
    const after = memoryOf(batch)
    this.bytes += after
    this.bytes -= before
  }

  /** The batch in flight whose call has this token. */
  calledWith(token: u32): Batch | null {
    let batch = this.first
    while (batch != null) {
      if (batch.state == BatchState.InFlight && batch.token == token) return batch
      batch = batch.next
    }
    return null
  }

  oldestWaiting(): Batch | null {
    let batch = this.first
    while (batch != null) {
      if (batch.state == BatchState.Waiting) return batch
      batch = batch.next
    }
    return null
  }

  /** Which batch probes a failing collector: the oldest, unless that batch itself may be the cause of the failures. */
  probe(): Batch | null {
    let best: Batch | null = null
    let fewest: u32 = u32.MAX_VALUE
    let batch = this.first
    while (batch != null) {
      const rounds = batch.attempts / TRIES_IN_A_ROW
      if (batch.state == BatchState.Waiting && rounds < fewest) {
        best = batch
        fewest = rounds
      }
      batch = batch.next
    }
    return best
  }

  private count(batch: Batch, by: i32): void {
    if (batch.state != BatchState.InFlight) return
    this.inFlight += by
    this.bytesInFlight += <i64>by * memoryOf(batch)
  }
}
