import { performance } from 'node:perf_hooks'
import type { AwaitAnswer } from '../contract/events.ts'
import type { EventRecord } from '../model/event.ts'
import { matches, needsEvent } from '../query/index.ts'
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
  /** Gives the waiting up. */
  signal: AbortSignal
}

/** With `exactly`: how long after the last one another may still come. */
const SETTLE_MS = 100
/** Of a long answer, only this many events or `count`, whichever is more. */
const MAX_SHOWN = 1000

/** Waits until enough events match: those held already count. */
export async function awaitEvents(
  store: EventStore,
  search: EventSearch,
  wanted: Awaited,
): Promise<AwaitAnswer> {
  const started = performance.now()
  const { selection, count, exactly, timeoutMs, signal } = wanted
  const deep = needsEvent(selection.query!)
  const found = new Set<number>()
  const last = store.lastEventId
  let settle: NodeJS.Timeout | undefined
  let timer: NodeJS.Timeout | undefined
  let finished = false
  const { promise: done, resolve } = Promise.withResolvers<void>()
  const finish = () => {
    finished = true
    resolve()
  }

  const consider = () => {
    if (found.size < count) return
    if (!exactly || found.size > count) return finish()
    // That nothing comes can only be told by waiting for it.
    if (count === 0) return
    clearTimeout(settle)
    settle = setTimeout(finish, SETTLE_MS)
  }
  const forget = store.onChange(({ events, reset }) => {
    if (reset && (reset.applicationId === null || reset.applicationId === selection.applicationId))
      found.clear()
    for (const summary of events ?? []) {
      if (
        selection.applicationId !== undefined &&
        summary.applicationId !== selection.applicationId
      )
        continue
      const subject = deep ? search.get(summary.id) : summary
      if (subject && matches(selection.query!, subject)) found.add(summary.id)
    }
    if (events) consider()
  })
  const lookThroughHeld = async () => {
    for await (const id of search.ids(selection)) {
      if (finished) return
      if (id <= last) found.add(id)
    }
    consider()
  }
  signal.addEventListener('abort', () => finish(), { once: true })
  try {
    timer = setTimeout(finish, timeoutMs)
    // Enough may arrive while the held ones are still being looked through.
    await Promise.race([lookThroughHeld().then(() => done), done])
  } finally {
    forget()
    clearTimeout(timer)
    clearTimeout(settle)
  }

  const met = exactly ? found.size === count : found.size >= count
  const events = [...found]
    .sort((a, b) => a - b)
    .slice(0, Math.max(MAX_SHOWN, count))
    .map((id) => search.get(id))
    .filter((record): record is EventRecord => record !== undefined)
  return {
    met,
    count: found.size,
    expected: count,
    waitedMs: Math.round(performance.now() - started),
    events,
    nearest: met ? [] : nearMisses(search, selection),
  }
}
