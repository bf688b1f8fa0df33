import type { EventRecord } from '#mock-moesif/test-api/types.ts'
import { go } from '../live/address.ts'
import { attempt, say } from '../live/notices.ts'
import { term } from '../query/terms.ts'
import { listEvents } from '../wire/test-api.ts'

export type Kinship = 'user' | 'batch'
export type Direction = 'earlier' | 'later'

/** Goes to the next event of the same user or batch, whatever the query of the list is. */
export async function goToNeighbour(
  record: EventRecord,
  kinship: Kinship,
  direction: Direction,
): Promise<void> {
  const filter = filterFor(record, kinship)
  if (filter === null) return say('This event names no user')
  const edge = direction === 'earlier' ? { before: record.id } : { after: record.id }
  const page = await attempt('Looking for the neighbour', () =>
    listEvents({ filter, limit: 1, ...edge }),
  )
  if (!page) return undefined
  const [found] = page.items
  if (found) go({ event: found.id, compare: null }, { replace: true })
  else say(`No ${direction} event of the same ${kinship}`)
  return undefined
}

function filterFor(record: EventRecord, kinship: Kinship): string | null {
  if (kinship === 'batch') return `batch:${record.batchId}`
  return record.userId && `${term('user', record.userId)} ${term('app', record.applicationId)}`
}
