import type { AggregateSeries } from '../../model/aggregate.ts'
import { Sums, type Partial } from './sums.ts'

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
]
export const SHORTEST_MS = LENGTHS[0]!

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

  /** @param at start of an interval of the shortest length, Unix ms */
  add(key: string | null, at: number, part: Partial): void {
    this.#first = Math.min(this.#first, at)
    this.#last = Math.max(this.#last, at)
    while (
      (this.#last - this.#first) / this.intervalMs >= this.#most &&
      this.#step < LENGTHS.length - 1
    )
      this.#lengthen()
    this.#sumsOf(key, at).add(part)
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
  series(keys?: ReadonlySet<string | null>): AggregateSeries[] {
    return [...this.#intervals]
      .filter(([key]) => keys === undefined || keys.has(key))
      .map(([key, intervals]) => ({
        key,
        points: [...intervals]
          .sort(([a], [b]) => a - b)
          .map(([at, sums]) => sums.measuresWith({ at })),
      }))
      .sort((a, b) => String(a.key).localeCompare(String(b.key)))
  }
}
