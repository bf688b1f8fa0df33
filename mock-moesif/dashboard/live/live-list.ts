import { batch, computed, type ReadonlySignal, signal } from '@preact/signals'
import { matchesRow, needsEvent, parseQuery, withTerm } from '#mock-moesif/query/index.ts'
import type { Counts, EventSummary, Page, QueryOf } from '#mock-moesif/client/index.ts'
import { ask } from '../wire/mock.ts'
import { messageOf, notify } from './notices.ts'
import { forgetValues, loadValues } from './member-values.ts'
import { memberOf, type RowOrder } from './row-order.ts'
import { queryProblems } from './query-problems.ts'
import { EventRows } from './event-rows.ts'

const capacity = 100_000
const pageSize = 1000
/** Events that were evicted are subtracted by counting again, at most this often: a count may cost the mock a scan. */
const recountMs = 5000
const nothing = { items: [], next: null, total: 0, bad: 0, warning: 0 }

/** How many events match, and how many of those Moesif would refuse or warn of. */
export interface Matching {
  events: number
  bad: number
  warning: number
}

/**
 * The events that match one query: read once, then followed as they are streamed, until closed. When rows were missed, or the
 * query is another, another list takes its place.
 */
export class LiveList implements Disposable {
  readonly query: string
  readonly rows = new EventRows(capacity)
  /** False until the first page is here. */
  readonly loaded = signal(false)
  /** Why the list could not be read. */
  readonly problem = signal<string | null>(null)
  readonly matching: ReadonlySignal<Matching>
  /** While all that match are read, to be sorted. */
  readonly sorting = signal(false)
  readonly #counted = signal<Matching>({ events: 0, bad: 0, warning: 0 })
  readonly #root
  /** Streamed rows are read again before they are shown: query or order look at headers, bodies or metadata. */
  #asks: boolean
  readonly #closed = new AbortController()
  /** Rows that were streamed while the first page is on its way; they follow it. */
  #waiting: EventSummary[] | null = []
  /** Where the next page of older events begins; null when all are here. */
  #older: number | null = null
  #readingOlder: Promise<void> | undefined
  /** The latest event that was streamed, and the latest of which is known whether it matches. */
  #streamed = 0
  #examined = 0
  #examining = false
  #order: RowOrder | null = null
  #recount: ReturnType<typeof setTimeout> | undefined

  /** @param counts of all events that the mock holds: exact at every moment, and all that match when there is no query */
  constructor(query: string, counts: ReadonlySignal<Counts | null>) {
    this.query = query
    this.#root = parseQuery(query).root
    this.#asks = needsEvent(this.#root)
    this.matching = computed(() =>
      query === '' && counts.value && this.loaded.value ? counts.value : this.#counted.value,
    )
  }

  /** True when there are older events than those held. */
  get hasOlder(): boolean {
    return this.#older !== null
  }

  /**
   * Reads the newest page. Never rejects: what went wrong stands in `problem`.
   *
   * @param empty the mock holds nothing: it is not asked
   */
  async read(empty: boolean): Promise<void> {
    try {
      const [wrong] = queryProblems(this.query)
      if (wrong) throw new Error(wrong.message)
      const page = empty ? nothing : await this.#page({ limit: pageSize })
      const { bad, warning } = empty ? nothing : await this.#verdicts()
      this.#takeOlder(page)
      const waiting = this.#waiting ?? []
      this.#waiting = null
      batch(() => {
        this.#counted.value = { events: page.total ?? page.items.length, bad, warning }
        this.loaded.value = true
      })
      this.#examined = page.items[0]?.id ?? 0
      this.take(waiting)
    } catch (reason) {
      if (!this.#closed.signal.aborted) this.problem.value = messageOf(reason)
    }
  }

  /** Rows as they are streamed, whether they match or not. */
  take(rows: readonly EventSummary[]): void {
    if (this.#waiting) {
      this.#waiting.push(...rows)
      return
    }
    this.#streamed = Math.max(this.#streamed, rows.at(-1)?.id ?? 0)
    if (this.#asks) void this.#examine()
    else this.#addNewer(rows.filter((row) => matchesRow(this.#root, row)))
  }

  /** The mock no longer holds events below this id. */
  evict(before: number): void {
    this.rows.removeBelow(before)
    forgetValues(before)
    if (this.#older !== null && this.#older <= before) this.#older = null
    if (this.query === '') return
    this.#recount ??= setTimeout(() => void this.#countAgain(), recountMs)
  }

  /** Reads the next page of older events, if there is one. */
  loadOlder(): Promise<void> {
    this.#readingOlder ??= this.#readOlder().finally(() => (this.#readingOlder = undefined))
    return this.#readingOlder
  }

  /** Reads all that match, as far as there is room for them. `proceed` is asked after each page. */
  async loadAll(proceed: () => boolean = () => true): Promise<void> {
    let before = -1
    while (this.#older !== before && this.hasOlder && proceed()) {
      before = this.#older ?? -1
      await this.loadOlder()
    }
  }

  /** Sorts all that match, or puts the newest first again. */
  async sortBy(order: RowOrder | null): Promise<void> {
    this.#order = order
    const member = memberOf(order)
    if (member !== null && !this.#asks) {
      this.#asks = true
      this.#examined = Math.max(this.#examined, this.#streamed)
    }
    if (order !== null && (this.hasOlder || member !== null)) {
      this.sorting.value = true
      await this.loadAll(() => this.#order === order)
      if (this.#order === order) await this.#prepare(this.rows.ring.ascending())
      if (this.#order !== order) return
      this.sorting.value = false
    }
    this.rows.sortBy(order)
  }

  [Symbol.dispose](): void {
    this.#order = null
    this.#closed.abort()
    clearTimeout(this.#recount)
    this.rows[Symbol.dispose]()
  }

  async #readOlder(): Promise<void> {
    if (this.#older === null || !this.loaded.peek()) return
    try {
      const older = { before: this.#older, limit: pageSize, uncounted: true }
      const page = await this.#page(older)
      await this.#prepare(page.items)
      this.#takeOlder(page)
    } catch (reason) {
      if (this.#closed.signal.aborted) return
      notify(`Reading older events: ${messageOf(reason)}`, 'error')
    }
  }

  /** Asks the mock which of the streamed events match, one call at a time. */
  async #examine(): Promise<void> {
    if (this.#examining) return
    this.#examining = true
    try {
      while (this.#examined < this.#streamed) {
        const target = this.#streamed
        const after = this.#examined
        const page = await this.#page({ after, limit: pageSize, uncounted: true })
        await this.#prepare(page.items)
        this.#addNewer(page.items)
        this.#examined = page.next ?? Math.max(target, page.items.at(-1)?.id ?? 0)
      }
    } catch {
      // The connection is lost, or the list closed: what is streamed next asks for the same again.
    } finally {
      this.#examining = false
    }
  }

  /** What rows are sorted by is known before they are put in their places. */
  async #prepare(rows: readonly EventSummary[]): Promise<void> {
    const member = memberOf(this.#order)
    if (member === null) return
    try {
      const ids = rows.map(({ id }) => id)
      await loadValues(member, ids, this.#closed.signal)
    } catch (reason) {
      if (!this.#closed.signal.aborted) notify(`Sorting: ${messageOf(reason)}`, 'error')
    }
  }

  #addNewer(rows: readonly EventSummary[]): void {
    const added = this.rows.addNewer(rows)
    if (added.length === 0) return
    const { events, bad, warning } = this.#counted.peek()
    this.#counted.value = {
      events: events + added.length,
      bad: bad + added.filter(({ verdict }) => verdict === 'bad').length,
      warning: warning + added.filter(({ verdict }) => verdict === 'warning').length,
    }
  }

  #takeOlder(page: Page<EventSummary>): void {
    const room = this.rows.addOlder(page.items)
    this.#older = room ? page.next : null
  }

  async #countAgain(): Promise<void> {
    this.#recount = undefined
    try {
      const [events, { bad, warning }] = await Promise.all([
        this.#count(this.query),
        this.#verdicts(),
      ])
      this.#counted.value = { events, bad, warning }
    } catch {
      // It is counted again after the next eviction.
    }
  }

  async #verdicts(): Promise<{ bad: number; warning: number }> {
    if (this.query === '') return nothing
    const [bad, warning] = await Promise.all([
      this.#count(withTerm(this.query, 'bad:true')),
      this.#count(withTerm(this.query, 'warning:true')),
    ])
    return { bad, warning }
  }

  async #count(filter: string): Promise<number> {
    const closed = this.#closed.signal
    return (await ask('GET /_mock/events/count', { query: { filter }, signal: closed })).count
  }

  #page(wanted: QueryOf<'GET /_mock/events'>): Promise<Page<EventSummary>> {
    const query = { filter: this.query, ...wanted }
    return ask('GET /_mock/events', { query, signal: this.#closed.signal })
  }
}
