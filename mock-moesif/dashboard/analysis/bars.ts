import type { Aggregate } from '#mock-moesif/client/index.ts'

export interface Bar {
  /** Unix ms, inclusive. */
  from: number
  /** Unix ms, exclusive. */
  to: number
  /** By status class. */
  counts: number[]
  total: number
}

/** Of each the series of that status class; the first has all that have no response, too. */
const classes = ['none', '2xx', '3xx', '4xx', '5xx']

/** Side by side what the mock added up by status class. */
export function barsOf({ series, intervalMs }: Aggregate, weighted: boolean): Bar[] {
  const times = series.flatMap(({ points }) => points.map(({ at }) => at))
  if (intervalMs === null || times.length === 0) return []
  const last = Math.max(...times)
  // A few events in one interval would otherwise be one bar as wide as the page.
  const start = Math.min(Math.min(...times), last - intervalMs * 30)
  const bars: Bar[] = []
  for (let from = start; from <= last; from += intervalMs)
    bars.push({ from, to: from + intervalMs, counts: classes.map(() => 0), total: 0 })
  for (const { key, points } of series) {
    const kind = Math.max(0, classes.indexOf(key ?? 'none'))
    for (const point of points) {
      const bar = bars[Math.round((point.at - start) / intervalMs)]
      const count = weighted ? point.weighted : point.count
      if (!bar) continue
      bar.counts[kind]! += count
      bar.total += count
    }
  }
  return bars
}
