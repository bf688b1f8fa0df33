import { Histogram } from '../analysis/histogram.tsx'
import { currentGroup } from '../live/address.ts'
import { chartMetric } from '../live/preferences.ts'
import { session } from '../live/session.ts'
import { lazy } from '../shell/lazy.tsx'
import { useAggregate } from '../analysis/use-aggregate.ts'

const SeriesChart = lazy((rest) => rest.SeriesChart)

/** Narrow screens draw fewer. */
const intervals = Math.max(30, Math.min(160, Math.floor(innerWidth / 9)))

/** All events that match, over time: how many, how many of them errors, or how slow. */
export function Chart() {
  const metric = chartMetric.value
  const group = currentGroup.value
  const split =
    metric === 'events'
      ? { split: 'status' as const, limit: 0 }
      : group === null
        ? { split: 'none' as const, limit: 0 }
        : { split: 'group' as const, by: group, limit: 5 }
  const result = useAggregate({ filter: session.list.query, intervals, ...split }).answer.value
  // Its space is reserved, so that what is below does not move when the answer comes.
  if (!result?.intervalMs) return <div class="histogram" />
  if (metric === 'events') return <Histogram aggregate={result} />
  return <SeriesChart metric={metric} series={result.series} intervalMs={result.intervalMs} />
}
