import type { BatchSummary } from '#mock-moesif/client/index.ts'
import { session } from '../live/session.ts'

/** From the end of the batch's first exchange to the batch's arrival, in ms; null when that event is not at hand. */
export function waitOf(one: BatchSummary): number | null {
  if (one.firstEventId === null) return null
  const { ring } = session.list.rows
  const first = ring.at(ring.indexOf(one.firstEventId))
  if (!first || first.time === null) return null
  return Math.max(0, one.receivedAt - first.time - (first.durationMs ?? 0))
}
