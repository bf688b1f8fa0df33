import { CLOSE_BRACKET, COMMA, OPEN_BRACKET } from '../text/bytes'
import { Batch, BatchState, BRACKET, bodyOf, createBatch, freeBatch, shrinkBatch } from './batch'
import { walk } from './event-boundary'
import { OpenBatch } from './open-batch'
import { Queue } from './queue'

/**
 * One batch of everything that waits and of the open batch, oldest first, of at most `maxBytes`: at the end of a process
 * only one call arrives on each idle connection to the collector. The events it holds are no longer where they were.
 *
 * @returns null when there is nothing, or nothing that fits
 */
export function composeFinalBatch(queue: Queue, open: OpenBatch, maxBytes: u32): Batch | null {
  if (!maxBytes) return null
  const oldest = queue.oldestWaiting()
  const final = createBatch(
    <u32>min(bytesWaiting(queue, open), <u64>maxBytes),
    0,
    oldest != null ? oldest.startedAt : open.startedAt,
  )
  if (final == null) return null
  const used = collect(final, queue, open)
  if (final.events == 0) {
    freeBatch(final)
    return null
  }
  store<u8>(bodyOf(final), OPEN_BRACKET)
  store<u8>(bodyOf(final) + used - 1, CLOSE_BRACKET)
  shrinkBatch(final, used, final.events)
  return final
}

/** With two brackets of each batch: somewhat more than it will be. */
function bytesWaiting(queue: Queue, open: OpenBatch): u64 {
  let bytes: u64 = open.length
  let batch = queue.first
  while (batch != null) {
    if (batch.state == BatchState.Waiting) bytes += batch.length
    batch = batch.next
  }
  return bytes
}

/** Returns the bytes used: the opening bracket, and each event with what follows it. */
function collect(final: Batch, queue: Queue, open: OpenBatch): u32 {
  let used: u32 = BRACKET
  let batch = queue.first
  while (batch != null) {
    const next = batch.next
    if (batch.state == BatchState.Waiting) {
      const before = final.events
      used = append(final, used, bodyOf(batch), batch.length)
      batch.events -= final.events - before
      if (batch.events) return used
      queue.remove(batch)
      freeBatch(batch)
    }
    batch = next
  }
  const before = final.events
  used = append(final, used, open.body, open.length)
  open.events -= final.events - before
  return used
}

/** As many events of one array as there is room for. */
function append(final: Batch, used: u32, body: usize, length: u32): u32 {
  const room = final.length - used
  let bytes: u32 = 0
  let fitting: u32 = 0
  walk.start()
  while (walk.next(body, length) && walk.end <= room) {
    bytes = walk.end
    fitting = walk.events
  }
  memory.copy(bodyOf(final) + used, body + BRACKET, bytes)
  final.events += fitting
  store<u8>(bodyOf(final) + used + bytes - 1, COMMA)
  return used + bytes
}
