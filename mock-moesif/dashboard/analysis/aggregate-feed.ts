import { computed, effect, signal } from '@preact/signals'
import type { Aggregate, QueryOf } from '#mock-moesif/client/index.ts'
import { messageOf } from '../live/notices.ts'
import { queryProblems } from '../live/query-problems.ts'
import { session } from '../live/session.ts'
import { ask } from '../wire/mock.ts'
import { reconnects } from '../wire/reconnects.ts'

export type AggregateQuery = QueryOf<'GET /_mock/events/aggregate'>

/** Minimum time between two questions while events arrive; asking takes a tenth of the time at most. */
const againMs = 1000

/** The answer to one question about all events that match, kept true while they arrive. */
export interface AggregateFeed extends Disposable {
  readonly answer: { readonly value: Aggregate | null }
  readonly problem: { readonly value: string }
}

/** @param wanted null while nothing is to be asked; reading signals in it follows them */
export function followAggregate(wanted: () => AggregateQuery | null): AggregateFeed {
  const answer = signal<Aggregate | null>(null)
  const problem = signal('')
  const query = computed(() => JSON.stringify(wanted()))
  let asked = ''
  let waiting: ReturnType<typeof setTimeout> | undefined
  let asking: AbortController | undefined
  let askedAt = 0
  let tookMs = 0

  const read = async (text: string) => {
    asking?.abort()
    const mine = (asking = new AbortController())
    askedAt = performance.now()
    try {
      const next = await ask('GET /_mock/events/aggregate', {
        query: JSON.parse(text) as AggregateQuery,
        signal: mine.signal,
      })
      if (mine.signal.aborted) return
      tookMs = performance.now() - askedAt
      answer.value = next
      problem.value = ''
    } catch (reason) {
      if (!mine.signal.aborted) problem.value = messageOf(reason)
    }
  }
  const stop = effect(() => {
    const text = query.value
    // What arrives, is dropped or reset changes the answer.
    void session.counts.value
    void session.list.loaded.value
    void reconnects.value
    clearTimeout(waiting)
    if (text === 'null') return
    const [wrong] = queryProblems((JSON.parse(text) as AggregateQuery).filter ?? '')
    if (wrong) {
      asking?.abort()
      asked = ''
      problem.value = wrong.message
      return
    }
    const changed = text !== asked
    asked = text
    const pause = Math.max(againMs, tookMs * 10)
    const wait = changed ? 0 : Math.max(0, askedAt + pause - performance.now())
    waiting = setTimeout(() => void read(text), wait)
  })
  return {
    answer,
    problem,
    [Symbol.dispose]() {
      stop()
      clearTimeout(waiting)
      asking?.abort()
    },
  }
}
