import type { AggregateSeries } from '#mock-moesif/client/index.ts'

/** What is drawn over time. */
export type Metric = 'events' | 'errors' | 'latency'

export interface Line {
  name: string
  points: { at: number; value: number | null }[]
}

/** More lines than this cannot be distinguished by eye. */
const mostLines = 5

/** Of one series its percentiles, or its error rate; of several (the field's values) the 90th percentile of each. */
export function linesOf(metric: Exclude<Metric, 'events'>, series: AggregateSeries[]): Line[] {
  const [only] = series
  if (metric === 'latency' && series.length === 1 && only?.key === null) {
    return (['p50', 'p90', 'p99'] as const).map((name) => ({
      name,
      points: only.points.map((point) => ({
        at: point.at,
        value: point[`duration${name.toUpperCase() as 'P50' | 'P90' | 'P99'}`],
      })),
    }))
  }
  return series
    .toSorted((a, b) => size(b) - size(a))
    .slice(0, mostLines)
    .map(({ key, points }) => ({
      name: key ?? (series.length === 1 ? 'all' : 'none'),
      points: points.map((point) => ({
        at: point.at,
        value: metric === 'errors' ? point.errorRate : point.durationP90,
      })),
    }))
}

/** The parts of a line that have values, each drawn by itself: nothing is known in between. */
export function filledPoints(line: Line): { at: number; value: number }[][] {
  const parts: { at: number; value: number }[][] = [[]]
  for (const { at, value } of line.points) {
    if (value === null) parts.push([])
    else parts.at(-1)?.push({ at, value })
  }
  return parts.filter((part) => part.length > 0)
}

function size({ points }: AggregateSeries): number {
  return points.reduce((sum, { count }) => sum + count, 0)
}
