import type { EventRecord } from '#mock-moesif/client/index.ts'
import { go } from '../live/address.ts'
import { attempt, notify } from '../live/notices.ts'
import { term } from '../query/terms.ts'
import { ask } from '../wire/mock.ts'

export type Relation = 'user' | 'batch'
export type Direction = 'earlier' | 'later'

/** Goes to the next event of the same user or batch, whatever the query of the list is. */
export async function goToAdjacent(
  record: EventRecord,
  relation: Relation,
  direction: Direction,
): Promise<void> {
  const filter = filterFor(record, relation)
  if (filter === null) return notify('This event names no user')
  const edge = direction === 'earlier' ? { before: record.id } : { after: record.id }
  const page = await attempt('Looking for the event', () =>
    ask('GET /_mock/events', { query: { filter, limit: 1, ...edge } }),
  )
  if (!page) return undefined
  const [found] = page.items
  if (found) go({ event: found.id, compare: null }, { replace: true })
  else notify(`No ${direction} event of the same ${relation}`)
  return undefined
}

function filterFor(record: EventRecord, relation: Relation): string | null {
  if (relation === 'batch') return `batch:${record.batchId}`
  return record.userId && `${term('user', record.userId)} ${term('app', record.applicationId)}`
}
