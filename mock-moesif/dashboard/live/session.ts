import { computed, effect, signal, untracked } from '@preact/signals'
import type { BatchSummary, Counts, Fault, RequestSummary } from '#mock-moesif/client/index.ts'
import { queryProblems } from './query-problems.ts'
import { reconnects } from '../wire/reconnects.ts'
import { LiveStream, type StreamMessage } from '../wire/live-stream.ts'
import { currentQuery, currentSort, selectedEvent, typingQuery } from './address.ts'
import { LiveList } from './live-list.ts'
import { forgetValues } from './member-values.ts'
import { NewestRows } from './newest-rows.ts'

/** Pause in typing after which the query is sent: lists of half-typed words are of no use. */
const typingPauseMs = 150

/** What the page knows of the mock, kept up to date by one stream while the page is open. */
class Session {
  readonly connection = signal<'connecting' | 'live' | 'lost'>('connecting')
  /** Of all that the mock holds, whatever the query. */
  readonly counts = signal<Counts | null>(null)
  readonly faults = signal<readonly Fault[]>([])
  readonly batches = new NewestRows<BatchSummary>()
  /** Not all: those of batches come only with `newest`, or when more is known of them. */
  readonly requests = new NewestRows<RequestSummary>()
  readonly paused = signal(false)
  readonly scrolled = signal(false)
  /** The pointer is over the rows, or the keyboard walks through them. */
  readonly held = signal(false)
  /** The rows do not move. */
  readonly frozen = computed(
    () =>
      this.paused.value || this.scrolled.value || this.held.value || selectedEvent.value !== null,
  )
  readonly #list = signal(new LiveList('', this.counts))
  /** The list that is being read to take the place of the shown one. */
  #next: LiveList | undefined
  /** Of the mock's store. */
  #generation: number | undefined

  /** Connects, and follows the query of the address. */
  start(): void {
    let typing: ReturnType<typeof setTimeout> | undefined
    effect(() => {
      const query = currentQuery.value
      clearTimeout(typing)
      // An invalid query is a list without rows once it is typed: none is shown as a match.
      if (typingQuery.value && queryProblems(query).length > 0) return
      typing = setTimeout(() => {
        if (this.#generation !== undefined && query.trim() !== this.#wanted.query)
          this.#replaceList(query.trim())
      }, typingPauseMs)
    })
    effect(() => {
      const frozen = this.frozen.value
      untracked(() => {
        const { rows } = this.list
        if (frozen) rows.freeze()
        else if (!rows.thaw()) this.#readAgain()
      })
    })
    effect(() => {
      const order = currentSort.value
      const { list } = this
      if (list.loaded.value) untracked(() => void list.sortBy(order))
    })
    const stream = new LiveStream({
      onOpen: () => {
        if (this.connection.peek() === 'lost') reconnects.value++
        this.connection.value = 'live'
        if (this.#wanted.problem.peek() !== null) this.#readAgain()
      },
      onLost: () => (this.connection.value = 'lost'),
      onMessage: (message) => this.#take(message),
    })
    stream.open()
  }

  /** The list that is shown. Reading it in a component follows it to its successor. */
  get list(): LiveList {
    return this.#list.value
  }

  /** Shows what was held back, from the top. */
  showNew(): void {
    this.paused.value = false
    if (!this.#list.peek().rows.showHeldBack()) this.#readAgain()
  }

  #take(message: StreamMessage): void {
    const shown = this.#list.peek()
    switch (message.name) {
      case 'store':
        // The first list is read once the stream is open: what arrives meanwhile is not missed.
        if (this.#generation === undefined) this.#replaceList(currentQuery.peek().trim())
        // It was emptied while nobody listened, or is another mock, whose events have numbers of their own.
        else if (this.#generation !== message.data.generation) this.#forget()
        this.#generation = message.data.generation
        break
      case 'events':
        shown.take(message.data)
        this.#next?.take(message.data)
        break
      case 'newest':
        this.batches.replace(message.data.batches)
        this.requests.replace(message.data.requests)
        break
      case 'requests':
        this.requests.take(message.data)
        break
      case 'batches':
        this.batches.take(message.data)
        break
      case 'counts':
        this.counts.value = message.data
        break
      case 'faults':
        this.faults.value = message.data
        break
      case 'evicted':
        shown.evict(message.data.before)
        break
      case 'skipped':
        // While the list is frozen nothing is replaced: it is read again when it moves.
        if (this.frozen.peek()) shown.rows.miss(message.data.count)
        else this.#readAgain()
        break
      case 'reset':
        this.#generation = message.data.generation
        this.#forget(message.data.applicationId === null)
    }
  }

  /** The list that is shown, or will be once it is read. */
  get #wanted(): LiveList {
    return this.#next ?? this.#list.peek()
  }

  /** @param empty the mock holds nothing: there is nothing to be read, and what comes next belongs to the new list */
  #forget(empty = false): void {
    forgetValues()
    this.#replaceList(this.#wanted.query, empty)
  }

  #readAgain(): void {
    this.#replaceList(this.#wanted.query)
  }

  /** The old list stays until its successor is read: the page is never empty between two queries. */
  #replaceList(query: string, empty = false): void {
    this.#next?.[Symbol.dispose]()
    const next = (this.#next = new LiveList(query, this.counts))
    void this.#showOnceRead(next, empty)
  }

  async #showOnceRead(next: LiveList, empty: boolean): Promise<void> {
    await next.read(empty)
    if (this.#next !== next) return
    this.#next = undefined
    if (this.frozen.peek()) next.rows.freeze()
    const old = this.#list.peek()
    this.#list.value = next
    old[Symbol.dispose]()
  }
}

export const session = new Session()
