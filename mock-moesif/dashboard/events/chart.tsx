import { Histogram } from '../analysis/histogram.tsx'
import { currentGroup } from '../live/address.ts'
import { chartMetric, weighted } from '../live/preferences.ts'
import { session } from '../live/session.ts'
import { lazy } from '../shell/lazy.tsx'
import { useAggregate } from '../analysis/use-aggregate.ts'

const SeriesChart = lazy((rest) => rest.SeriesChart)

/** Narrow screens draw fewer. */
const intervals = Math.max(30, Math.min(160, Math.floor(innerWidth / 9)))

/** All events that match, over time: how many, how many of them errors, or how slow. */
export function Chart() {
  const { list } = session
  const metric = chartMetric.value
  const group = currentGroup.value
  // What is held needs no asking, as long as it is all there is.
  const { rows, matching, query } = list
  void rows.drawn.value
  const held = metric === 'events' && !weighted.value && rows.ring.size >= matching.value.events
  const { answer } = useAggregate(
    held
      ? null
      : {
          filter: query,
          intervals,
          ...(metric === 'events'
            ? { split: 'status' as const, limit: 0 }
            : group === null
              ? { split: 'none' as const, limit: 0 }
              : { split: 'group' as const, by: group, limit: 5 }),
        },
  )
  const result = held ? null : answer.value
  if (metric === 'events') return <Histogram aggregate={result} />
  if (!result?.intervalMs) return null
  return <SeriesChart metric={metric} series={result.series} intervalMs={result.intervalMs} />
}
