import { computed, signal } from '@preact/signals'
import { findField } from '#mock-moesif/query/index.ts'
import { isRowOrder, type RowOrder } from './row-order.ts'

export type ViewName =
  'events' | 'batches' | 'gateway' | 'people' | 'rules' | 'faults' | 'documents' | 'types'

/** Everything that a link has to contain to show the same again. */
export interface Address {
  view: ViewName
  query: string
  /** Terms of the query that are switched off but not forgotten. */
  off: string[]
  event: number | null
  /** The event that `event` is compared with. */
  compare: number | null
  /** Null for the newest first. */
  sort: RowOrder | null
  /** The field that events are grouped by; null for the list of them. */
  group: string | null
  /** What the groups are sorted by, a minus before it for the greatest first. */
  order: string | null
  batch: number | null
  /** A request to the collector that brought no batch. */
  request: number | null
  /** A rule to look at, and whose it is. */
  rule: string | null
  app: string | null
  /** The event whose request is tried against the rules. */
  try: number | null
  /** Whose page is open, and whether it is a user or a company. */
  person: string | null
  kind: string | null
}

/** Those that one goes to from everywhere. */
export const views: readonly Exclude<ViewName, 'types'>[] = [
  'events',
  'batches',
  'people',
  'gateway',
  'rules',
  'faults',
  'documents',
]

/** What a link carries besides the view, the query and its terms that are off: how each is read. */
const read = {
  event: readId,
  compare: readId,
  group: readField,
  order: readText,
  batch: readId,
  request: readId,
  rule: readText,
  person: readText,
  kind: readText,
  app: readText,
  try: readId,
  sort: readOrder,
}

function readAddress(search: string): Address {
  const parameters = new URLSearchParams(search)
  const view = parameters.get('view') as ViewName
  const others = Object.entries(read).map(([name, of]) => [name, of(parameters.get(name))])
  return {
    view: [...views, 'types'].includes(view) ? view : 'events',
    query: parameters.get('q') ?? '',
    off: parameters.getAll('off'),
    ...(Object.fromEntries(others) as { [Name in keyof typeof read]: Address[Name] }),
  }
}

function writeAddress(address: Address): string {
  const parameters = new URLSearchParams()
  if (address.view !== 'events') parameters.set('view', address.view)
  if (address.query) parameters.set('q', address.query)
  for (const term of address.off) parameters.append('off', term)
  for (const name of Object.keys(read) as (keyof typeof read)[])
    if (address[name] !== null) parameters.set(name, String(address[name]))
  const text = parameters.toString()
  return text ? `?${text}` : ''
}

export const address = signal<Address>(readAddress(location.search))

export const currentView = computed(() => address.value.view)
export const currentQuery = computed(() => address.value.query)
export const currentGroup = computed(() => address.value.group)
export const currentSort = computed(() => address.value.sort)
export const selectedEvent = computed(() => address.value.event)

/** Where a link to it leads. */
export function linkTo(change: Partial<Address>): string {
  return location.pathname + writeAddress({ ...address.peek(), ...elsewhere(change), ...change })
}

/** The query is being typed: what does not make sense yet is not yet a mistake. */
export const typingQuery = signal(false)

/** Goes somewhere: `replace` for what should not be a step of the Back button (typing, moving the cursor). */
export function go(change: Partial<Address>, { replace = false } = {}): void {
  const url = linkTo(change)
  if (replace) history.replaceState(null, '', url)
  else history.pushState(null, '', url)
  address.value = { ...address.peek(), ...elsewhere(change), ...change }
}

function goToLocation(): void {
  typingQuery.value = false
  address.value = readAddress(location.search)
}

addEventListener('popstate', goToLocation)

// Links within the page load nothing, unless they are opened elsewhere.
addEventListener('click', (event) => {
  const link = event.target instanceof Element && event.target.closest('a')
  if (!link || link.target || link.origin + link.pathname !== location.origin + location.pathname)
    return
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey)
    return
  event.preventDefault()
  history.pushState(null, '', link.href)
  goToLocation()
})

function readField(name: string | null): string | null {
  return name !== null && findField(name) ? name : null
}

/** Going to a view goes to its first page. */
function elsewhere({ view }: Partial<Address>): Partial<Address> {
  return view === undefined
    ? {}
    : { batch: null, request: null, rule: null, app: null, try: null, person: null, kind: null }
}

function readOrder(text: string | null): RowOrder | null {
  return text !== null && isRowOrder(text) ? text : null
}

function readText(text: string | null): string | null {
  return text
}

function readId(text: string | null): number | null {
  const id = Number(text)
  return text !== null && Number.isSafeInteger(id) && id > 0 ? id : null
}
