import { useEffect, useMemo } from 'preact/hooks'
import { useSignal } from '@preact/signals'
import { type AggregateFeed, type AggregateQuery, followAggregate } from './aggregate-feed.ts'

/** Follows what a component wants to know of all events that match, as long as it is on the page. */
export function useAggregate(
  wanted: AggregateQuery | null,
): Pick<AggregateFeed, 'answer' | 'problem'> {
  const query = useSignal(wanted)
  if (JSON.stringify(query.peek()) !== JSON.stringify(wanted)) query.value = wanted
  const feed = useMemo(() => followAggregate(() => query.value), [])
  useEffect(() => () => feed[Symbol.dispose](), [feed])
  return feed
}
