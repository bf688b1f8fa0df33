import type { Aggregate, EventSummary } from '#mock-moesif/client/index.ts'

/** 1xx and unknown, 2xx, 3xx, 4xx, 5xx */
export type StatusCounts = [number, number, number, number, number]

export interface Bar {
  /** Unix ms, inclusive. */
  from: number
  /** Unix ms, exclusive. */
  to: number
  counts: StatusCounts
  total: number
}

const widths = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400,
]

/** 0 for 1xx and events without a response, else 1-4 for 2xx-5xx. */
export function statusClass(status: number | null): 0 | 1 | 2 | 3 | 4 {
  if (status === null || status < 200 || status > 599) return 0
  return (Math.floor(status / 100) - 1) as 1 | 2 | 3 | 4
}

const day = 86_400_000

/** When it happened; when it arrived, if the event's own time is absent or so far off that it would flatten the chart. */
function timeOf(row: EventSummary): number {
  return row.time !== null && Math.abs(row.time - row.receivedAt) < day ? row.time : row.receivedAt
}

/** Counts of the held events by second, kept up to date row by row so that drawing never walks 100 000 rows. */
export class Timeline {
  readonly #seconds = new Map<number, StatusCounts>()

  add(row: EventSummary): void {
    const second = Math.floor(timeOf(row) / 1000)
    let counts = this.#seconds.get(second)
    if (!counts) this.#seconds.set(second, (counts = [0, 0, 0, 0, 0]))
    counts[statusClass(row.status)]++
  }

  remove(row: EventSummary): void {
    const second = Math.floor(timeOf(row) / 1000)
    const counts = this.#seconds.get(second)
    if (!counts) return
    counts[statusClass(row.status)]--
    if (counts.every((count) => count === 0)) this.#seconds.delete(second)
  }

  /** At most `limit` bars of one round width from the first to the last event; empty without events. */
  bars(limit: number): Bar[] {
    let first = Infinity
    let last = -Infinity
    for (const second of this.#seconds.keys()) {
      if (second < first) first = second
      if (second > last) last = second
    }
    if (first > last) return []
    const width = widthFor(last - first + 1, limit)
    // A few events in one second would otherwise be one bar as wide as the page.
    const start = Math.floor(Math.min(first, last - width * 30) / width) * width
    const bars: Bar[] = []
    for (let from = start; from <= last; from += width)
      bars.push({ from: from * 1000, to: (from + width) * 1000, counts: [0, 0, 0, 0, 0], total: 0 })
    for (const [second, counts] of this.#seconds) {
      const bar = bars[Math.floor((second - start) / width)]
      if (bar) addCounts(bar, counts)
    }
    return bars
  }
}

function widthFor(seconds: number, limit: number): number {
  for (const width of widths) if (seconds / width <= limit - 1) return width
  return Math.ceil(seconds / (limit - 1) / 86_400) * 86_400
}

function addCounts(bar: Bar, counts: StatusCounts): void {
  for (const index of [0, 1, 2, 3, 4] as const) {
    bar.counts[index] += counts[index]
    bar.total += counts[index]
  }
}

const classes = ['none', '2xx', '3xx', '4xx', '5xx']

/** The same of what the mock added up, by status class. */
export function barsOf({ series, intervalMs }: Aggregate, weighted: boolean): Bar[] {
  const times = series.flatMap(({ points }) => points.map(({ at }) => at))
  if (intervalMs === null || times.length === 0) return []
  const last = Math.max(...times)
  // A few events in one interval would otherwise be one bar as wide as the page.
  const start = Math.min(Math.min(...times), last - intervalMs * 30)
  const bars: Bar[] = []
  for (let from = start; from <= last; from += intervalMs)
    bars.push({ from, to: from + intervalMs, counts: [0, 0, 0, 0, 0], total: 0 })
  for (const { key, points } of series) {
    const kind = Math.max(0, classes.indexOf(key ?? 'none')) as 0 | 1 | 2 | 3 | 4
    for (const point of points) {
      const bar = bars[Math.round((point.at - start) / intervalMs)]
      const count = weighted ? point.weighted : point.count
      if (!bar) continue
      bar.counts[kind] += count
      bar.total += count
    }
  }
  return bars
}
