import { findField, parseQuery } from '../query/index.ts'
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

/** The field that events are grouped by. */
export function groupField(name: string): GroupField {
  const found = findField(name)
  if (found && found.field.kind !== 'has' && found.field.kind !== 'age') return found
  throw new BadCall(
    `There is no field "${name}" to group by. Take one of the query language, such as user, route, status, header.x-id or metadata.plan.`,
  )
}

export function pagingOf({
  limit = DEFAULT_LIMIT,
  before,
  after,
  uncounted,
}: Partial<Paging>): Paging {
  return { limit, before, after, uncounted }
}
