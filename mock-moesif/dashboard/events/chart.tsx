import { Histogram } from '../analysis/histogram.tsx'
import { Link } from '../controls/link.tsx'
import { currentGroup, currentQuery } from '../live/address.ts'
import { chartMetric } from '../live/preferences.ts'
import { session } from '../live/session.ts'
import { lazy } from '../shell/lazy.tsx'
import { withTerm } from '../query/terms.ts'
import { plural } from '../text/format.ts'
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
  const { series, intervalMs, outside } = result
  return (
    <>
      {metric === 'events' ? (
        <Histogram aggregate={result} />
      ) : (
        <SeriesChart metric={metric} series={series} intervalMs={intervalMs} />
      )}
      {outside && (
        <Link
          class="outside"
          to={{ query: withTerm(currentQuery.value, outside.filter), group: null, event: null }}
        >
          {plural(outside.count, 'event')} outside of the time shown
        </Link>
      )}
    </>
  )
}
