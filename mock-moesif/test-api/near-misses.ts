import type { NearMiss } from '../contract/events.ts'
import type { EventSummary } from '../model/event.ts'
import { failedConditions, type Group } from '../query/index.ts'
import type { EventSearch } from '../store/event-search.ts'
import type { Selection } from './selection.ts'

const LOOKED_AT = 200
const SHOWN = 5

/** The events that came closest to a filter without meeting it: fewest failed conditions first, then the newest. */
export function nearMisses(
  search: EventSearch,
  { applicationId, query, text }: Selection,
): NearMiss[] {
  return search
    .newest(applicationId, LOOKED_AT)
    .map(({ event, findings: _findings, ...summary }): NearMiss => {
      const subject: EventSummary & { event: unknown } = { ...summary, event }
      return { event: summary, failed: failedConditions(query as Group, text, subject) }
    })
    .filter(({ failed }) => failed.length > 0)
    .sort((a, b) => a.failed.length - b.failed.length || b.event.id - a.event.id)
    .slice(0, SHOWN)
}
