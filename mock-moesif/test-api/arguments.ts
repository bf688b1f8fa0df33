import { parseQuery } from '../query/index.ts'
import type { EventSelection, Paging } from '../store/event-search.ts'
import { BadCall } from './router.ts'

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 5000

/** A whole number of the query string, or the default. */
export function integer(
  search: URLSearchParams,
  name: string,
  { min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {},
): number | undefined {
  const text = search.get(name)
  if (text === null || text === '') return undefined
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < min || value > max)
    throw new BadCall(`${name} must be a whole number from ${min} to ${max}, not "${text}"`)
  return value
}

export function flag(search: URLSearchParams, name: string): boolean {
  const text = search.get(name)
  if (text === null || text === 'false' || text === '0') return false
  if (text === '' || text === 'true' || text === '1') return true
  throw new BadCall(`${name} is true or false, not "${text}"`)
}

/** A number in a path. */
export function idOf(text: string | undefined): number {
  const id = Number(text)
  if (!Number.isSafeInteger(id))
    throw new BadCall(`"${text}" is no number of anything`, { status: 404 })
  return id
}

export function applicationOf(search: URLSearchParams): string | undefined {
  return search.get('app') ?? undefined
}

export function pagingOf(search: URLSearchParams): Paging {
  return {
    limit: integer(search, 'limit', { max: MAX_LIMIT }) ?? DEFAULT_LIMIT,
    before: integer(search, 'before'),
    after: integer(search, 'after'),
    uncounted: flag(search, 'uncounted'),
  }
}

export type Selection = EventSelection & { text: string }

/** `app` and `filter` of the query string. */
export function selectionOf(search: URLSearchParams): Selection {
  return selection(applicationOf(search), search.get('filter') ?? '')
}

/** Parses a filter; what is wrong with it is answered with its place. */
export function selection(applicationId: string | undefined, text: string): Selection {
  const { root, problems } = parseQuery(text)
  const [first] = problems
  if (first)
    throw new BadCall(`The filter is not understood: ${first.message} (at ${first.start})`, {
      detail: { problems },
    })
  return { applicationId, query: root, text }
}
