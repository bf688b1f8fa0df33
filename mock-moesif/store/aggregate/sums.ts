import type { Measures } from '../../model/aggregate.ts'

/** What the measures are made of, of one event. */
export interface Measured {
  /** Its request.time, else its arrival, Unix ms. */
  at: number
  status: number | null
  weight: number | null
  size: number
  durationMs: number | null
}

/** Sums that grow by events. Percentiles can't be added up: how often there is each duration can. */
export class Sums {
  #count = 0
  #weighted = 0
  #clientErrors = 0
  #serverErrors = 0
  #bytes = 0
  #firstSeenAt = Infinity
  #lastSeenAt = -Infinity
  readonly #durations = new Map<number, number>()

  get count(): number {
    return this.#count
  }

  add({ at, status, weight, size, durationMs }: Measured): void {
    this.#count++
    this.#weighted += Math.max(1, weight ?? 1)
    if (status !== null && status >= 500) this.#serverErrors++
    else if (status !== null && status >= 400) this.#clientErrors++
    this.#bytes += size
    this.#seen(at, at)
    if (durationMs !== null) this.#took(durationMs, 1)
  }

  merge(other: Sums): void {
    this.#count += other.#count
    this.#weighted += other.#weighted
    this.#clientErrors += other.#clientErrors
    this.#serverErrors += other.#serverErrors
    this.#bytes += other.#bytes
    this.#seen(other.#firstSeenAt, other.#lastSeenAt)
    for (const [duration, times] of other.#durations) this.#took(duration, times)
  }

  #seen(first: number, last: number): void {
    if (first < this.#firstSeenAt) this.#firstSeenAt = first
    if (last > this.#lastSeenAt) this.#lastSeenAt = last
  }

  #took(duration: number, times: number): void {
    this.#durations.set(duration, (this.#durations.get(duration) ?? 0) + times)
  }

  measures(): Measures {
    const errors = this.#clientErrors + this.#serverErrors
    return {
      count: this.#count,
      weighted: this.#weighted,
      clientErrors: this.#clientErrors,
      serverErrors: this.#serverErrors,
      errorRate: this.#count === 0 ? 0 : errors / this.#count,
      ...distribution(this.#durations),
      bytes: this.#bytes,
      firstSeenAt: this.#count === 0 ? null : this.#firstSeenAt,
      lastSeenAt: this.#count === 0 ? null : this.#lastSeenAt,
    }
  }
}

function distribution(times: ReadonlyMap<number, number>) {
  const values = Float64Array.from(times.keys()).sort()
  let count = 0
  let sum = 0
  /** How many are not above each value. */
  const upTo = values.map((value) => {
    sum += value * times.get(value)!
    return (count += times.get(value)!)
  })
  /** The smallest value that this share of all values does not exceed. */
  const rank = (part: number) => {
    const position = Math.ceil(part * count)
    return values[upTo.findIndex((reached) => reached >= position)] ?? null
  }
  return {
    durationAvg: count === 0 ? null : sum / count,
    durationP50: rank(0.5),
    durationP90: rank(0.9),
    durationP99: rank(0.99),
    durationMax: values.at(-1) ?? null,
  }
}
