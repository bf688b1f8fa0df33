import { findField, isGroupable, parseQuery } from '../query/index.ts'
import type { GroupField } from '../store/aggregate/event-aggregate.ts'
import type { EventSelection } from '../store/event-scan.ts'
import type { Paging } from '../store/event-search.ts'
import { BadCall } from './bad-call.ts'

const DEFAULT_LIMIT = 100

export type Selection = EventSelection & { text: string }

/** Events of an application, or all, that match a filter; a mistake in the filter is answered with its place. */
export function selection(applicationId: string | undefined, text = ''): Selection {
  const { root, problems } = parseQuery(text)
  const [first] = problems
  if (first)
    throw new BadCall(`The filter is not understood: ${first.message} (at ${first.start})`, {
      detail: { problems },
    })
  return { applicationId, query: root, text }
}

const EXAMPLES =
  'Take one of the query language, such as user, route, status, header.x-id or metadata.plan.'

/** The field that events are grouped by. */
export function groupField(name: string): GroupField {
  const found = fieldOf(name, ' to group by')
  if (isGroupable(found.field)) return found
  const { kind } = found.field
  if (kind === 'has')
    throw new BadCall(`${name}: names another field: it is no field to group by. ${EXAMPLES}`)
  throw new BadCall(
    `Each ${kind === 'contains' ? 'event' : 'moment'} would be a group of its own: ${name} is no field to group by. ` +
      (kind === 'contains'
        ? EXAMPLES
        : `Pass intervals for a time series, or filter by ${kind === 'age' ? 'age:<5m' : 'time:FROM..TO'}.`),
  )
}

/** A field that has a value in each event. */
export function fieldNamed(name: string): GroupField {
  const found = fieldOf(name, ' with a value')
  const { kind } = found.field
  if (kind === 'has') throw new BadCall(`${name}: has no value of its own. ${EXAMPLES}`)
  if (kind === 'age')
    throw new BadCall(`age has no value that stays. Take time, the event's request.time.`)
  return found
}

function fieldOf(name: string, use: string): GroupField {
  const found = findField(name)
  if (found) return found
  throw new BadCall(`There is no field "${name}"${use}. ${EXAMPLES}`)
}

export function pagingOf({
  limit = DEFAULT_LIMIT,
  before,
  after,
  uncounted,
}: Partial<Paging>): Paging {
  return { limit, before, after, uncounted }
}
