import { CLOSE_BRACKET, OPEN_BRACKET } from '../text/bytes'
import { Batch, BRACKET, bodyOf, createBatch, shrinkBatch } from './batch'
import { walk } from './event-boundary'

/**
 * Moves the second half of a batch's events into a batch of its own; the first keeps its place and the rest.
 * Null, with nothing changed, when there is no memory for it or fewer than two events.
 */
export function splitInHalf(batch: Batch): Batch | null {
  walk.start()
  const kept = batch.events / 2
  const body = bodyOf(batch)
  while (walk.events < kept && walk.next(body, batch.length)) continue
  if (kept == 0) return null
  const end = walk.end

  // The comma between the halves becomes the bracket of both.
  const length = batch.length - end
  const half = createBatch(length, batch.events - kept, batch.startedAt)
  if (!half) return null
  memory.copy(bodyOf(half), body + end, length)
  store<u8>(bodyOf(half), OPEN_BRACKET)
  half.unconfirmed = batch.unconfirmed

  store<u8>(body + end, CLOSE_BRACKET)
  shrinkBatch(batch, end + BRACKET, kept)
  return half
}
