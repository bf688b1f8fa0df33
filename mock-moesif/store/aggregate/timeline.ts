import type { AggregateSeries } from '../../model/aggregate.ts'
import type { Steps } from '../../query/index.ts'
import { Sums, type Measured } from './sums.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Each is a multiple of the one before: intervals are joined, never cut. */
const LENGTHS = [
  100,
  500,
  SECOND,
  5 * SECOND,
  10 * SECOND,
  30 * SECOND,
  MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  6 * HOUR,
  12 * HOUR,
  DAY,
  7 * DAY,
  28 * DAY,
  364 * DAY,
  3640 * DAY,
  36_400 * DAY,
  364_000 * DAY,
  364_000_000 * DAY,
]

/** Events over time, in as short intervals as there may be. */
export class Timeline {
  readonly #most: number
  #step = 0
  #first = Infinity
  #last = -Infinity
  readonly #intervals = new Map<string | null, Map<number, Sums>>()

  /** @param most how many intervals there may be from the first to the last */
  constructor(most: number) {
    this.#most = most
  }

  get intervalMs(): number {
    return LENGTHS[this.#step]!
  }

  add(key: string | null, event: Measured): void {
    this.#first = Math.min(this.#first, event.at)
    this.#last = Math.max(this.#last, event.at)
    while (this.#length() > this.#most && this.#step < LENGTHS.length - 1) this.#lengthen()
    this.#sumsOf(key, event.at).add(event)
  }

  /** How many intervals there are from the first event to the last. */
  #length(): number {
    const place = (at: number) => Math.floor(at / this.intervalMs)
    return place(this.#last) - place(this.#first) + 1
  }

  #sumsOf(key: string | null, at: number): Sums {
    let intervals = this.#intervals.get(key)
    if (!intervals) this.#intervals.set(key, (intervals = new Map()))
    const start = Math.floor(at / this.intervalMs) * this.intervalMs
    let sums = intervals.get(start)
    if (!sums) intervals.set(start, (sums = new Sums()))
    return sums
  }

  #lengthen(): void {
    this.#step++
    const shorter = new Map(this.#intervals)
    this.#intervals.clear()
    for (const [key, old] of shorter) {
      for (const [start, sums] of old) this.#sumsOf(key, start).merge(sums)
    }
  }

  /** The series of these keys, or all. */
  *series(keys?: ReadonlySet<string | null>): Steps<AggregateSeries[]> {
    const series: AggregateSeries[] = []
    for (const [key, intervals] of this.#intervals) {
      if (keys && !keys.has(key)) continue
      const points: AggregateSeries['points'] = []
      for (const [at, sums] of [...intervals].sort(([a], [b]) => a - b)) {
        points.push({ at, ...sums.measures() })
        yield
      }
      series.push({ key, points })
    }
    return series.sort((a, b) => String(a.key).localeCompare(String(b.key)))
  }
}
