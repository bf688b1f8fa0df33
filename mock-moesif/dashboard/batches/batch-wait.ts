import type { BatchSummary } from '#mock-moesif/client/index.ts'
import { session } from '../live/session.ts'
import { clock, duration } from '../text/format.ts'

/** Clocks of machines differ by less. */
const skewMs = 60_000
const longestMs = 86_400_000

/** From the end of the batch's first exchange to the batch's arrival. */
interface Wait {
  /** Null when it is not known. */
  ms: number | null
  text: string
}

/** Not known when that event is not at hand; nor is it what the sender waited when its time is another day's, or to come. */
export function waitOf(one: BatchSummary): Wait {
  const { ring } = session.list.rows
  const first = ring.at(ring.indexOf(one.firstEventId ?? 0))
  if (!first || first.time === null) return { ms: null, text: '–' }
  const ms = one.receivedAt - first.time - (first.durationMs ?? 0)
  if (ms < -skewMs || ms > longestMs) return { ms: null, text: `event of ${clock(first.time)}` }
  return { ms: Math.max(0, ms), text: duration(Math.max(0, ms)) }
}
