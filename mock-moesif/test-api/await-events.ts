import type { AwaitAnswer } from '../contract/events.ts'
import { elapsed, clearTimeout, setTimeout } from '../model/real-timers.ts'
import type { EventSearch } from '../store/event-search.ts'
import type { EventStore } from '../store/event-store.ts'
import { nearMisses } from './near-misses.ts'
import type { Selection } from './selection.ts'

export interface Awaited {
  selection: Selection
  count: number
  /** More than `count` is a failure, too. */
  exactly: boolean
  timeoutMs: number
  /** Cancels the wait. */
  signal: AbortSignal
}

/** What came; the events themselves are read when they are sent. */
export interface AwaitResult extends Omit<AwaitAnswer, 'events'> {
  eventIds: number[]
}

/** With `exactly`: how long after the last one another may still come. */
const SETTLE_MS = 100
/** Of a long answer, only this many events or `count`, whichever is more. */
const MAX_SHOWN = 1000

/**
 * Waits until enough events match: those held already count. It reads on from where it was whenever something arrived, in turns
 * with all others who read, and ends with its client.
 */
export async function awaitEvents(
  store: EventStore,
  search: EventSearch,
  wanted: Awaited,
): Promise<AwaitResult> {
  const { selection, count, exactly, timeoutMs } = wanted
  const started = elapsed()
  const ends = new Ending(wanted.signal, timeoutMs)
  const arrivals = new Arrivals(store, selection.applicationId, ends.signal)
  const ids: number[] = []
  let found = 0
  try {
    for (let read = 0; !ends.signal.aborted;) {
      if (arrivals.takeReset()) found = ids.length = 0
      const upTo = store.lastEventId
      for await (const { row } of search.scan.find(selection, {
        ascending: true,
        above: read,
        // Whether no event matches is known only after all have been read, however long that takes.
        signal: exactly && read === 0 ? wanted.signal : ends.signal,
      })) {
        if (++found <= Math.max(MAX_SHOWN, count)) ids.push(row['id'] as number)
        if (found > count || (found === count && !exactly)) break
      }
      read = upTo
      if (found > count || (found === count && !exactly)) break
      // Whether more events come is known only after waiting.
      if (found === count && count > 0) ends.within(SETTLE_MS)
      await arrivals.next()
    }
  } catch (error) {
    if (!ends.signal.aborted && !wanted.signal.aborted) throw error
  } finally {
    arrivals.close()
    ends.close()
  }
  const met = exactly ? found === count : found >= count
  return {
    met,
    count: found,
    expected: count,
    waitedMs: Math.round(elapsed() - started),
    eventIds: ids,
    nearest: met ? [] : await nearMisses(search, selection, wanted.signal),
  }
}

/** When the wait ends: when its client leaves, or its time is over. */
class Ending {
  readonly #abort = new AbortController()
  readonly #client: AbortSignal
  readonly #end = () => this.#abort.abort()
  #timer: NodeJS.Timeout

  constructor(client: AbortSignal, timeoutMs: number) {
    this.#client = client
    if (client.aborted) this.#abort.abort()
    client.addEventListener('abort', this.#end, { once: true })
    this.#timer = setTimeout(this.#end, timeoutMs)
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  /** Ends after this time if nothing comes until then. */
  within(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(this.#end, ms)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#client.removeEventListener('abort', this.#end)
  }
}

/** Remembers whether anything arrived since the last question. */
class Arrivals {
  readonly close: () => void
  readonly #signal: AbortSignal
  #arrived = false
  #reset = false
  #wake: (() => void) | undefined

  constructor(store: EventStore, applicationId: string | undefined, signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', () => this.#wake?.(), { once: true })
    this.close = store.onChange(({ events = [], reset }) => {
      if (reset && isOf(applicationId, reset.applicationId)) this.#reset = true
      else if (!events.some((event) => isOf(applicationId, event.applicationId))) return
      this.#arrived = true
      this.#wake?.()
    })
  }

  /** Whether everything was deleted meanwhile. */
  takeReset(): boolean {
    const reset = this.#reset
    this.#reset = false
    return reset
  }

  /** Resolves when something has arrived, or the waiting is over. */
  async next(): Promise<void> {
    if (!this.#arrived && !this.#signal.aborted)
      await new Promise<void>((resolve) => (this.#wake = resolve))
    this.#wake = undefined
    this.#arrived = false
  }
}

/** Null and undefined stand for every application. */
function isOf(wanted: string | undefined, app: string | null): boolean {
  return app === null || wanted === undefined || app === wanted
}
