import type { NearMiss } from '../contract/events.ts'
import { failedConditions, type Group } from '../query/index.ts'
import type { EventSearch } from '../store/event-search.ts'
import type { Selection } from './selection.ts'

const LOOKED_AT = 200
/** Of events, parsed: huge ones are not offered as near misses. */
const LOOKED_AT_BYTES = 8 * 1024 * 1024
const SHOWN = 5

/** The newest events that came closest to a filter without meeting it: fewest failed conditions first, then the newest. */
export async function nearMisses(
  search: EventSearch,
  { applicationId, query, text }: Selection,
  signal: AbortSignal,
): Promise<NearMiss[]> {
  const misses: NearMiss[] = []
  if (signal.aborted) return misses
  let looked = 0
  let bytes = 0
  for await (const { row } of search.scan.find({ applicationId }, { signal })) {
    bytes += row['size'] as number
    if (++looked > LOOKED_AT || bytes > LOOKED_AT_BYTES) break
    const record = search.get(row['id'] as number)
    if (!record) continue
    const failed = await search.turns.through(
      failedConditions(query as Group, text, record),
      signal,
    )
    const { event: _event, findings: _findings, ...event } = record
    if (failed.length === 0) continue
    misses.push({ event, failed })
    misses.sort((a, b) => a.failed.length - b.failed.length || b.event.id - a.event.id)
    misses.splice(SHOWN)
  }
  return misses
}
