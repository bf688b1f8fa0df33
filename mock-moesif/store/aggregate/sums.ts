import type { Measures } from '../../model/aggregate.ts'

/** Sums over a part of the events. */
export interface Partial {
  count: number
  weighted: number
  clientErrors: number
  serverErrors: number
  bytes: number
  lastSeenAt: number
  durations: readonly (number | null)[]
}

/** Sums that grow by parts, and the durations themselves: percentiles can't be added up. */
export class Sums {
  #count = 0
  #weighted = 0
  #clientErrors = 0
  #serverErrors = 0
  #bytes = 0
  #lastSeenAt: number | null = null
  #durations: number[] = []

  get count(): number {
    return this.#count
  }

  add(part: Partial): void {
    this.#count += part.count
    this.#weighted += part.weighted
    this.#clientErrors += part.clientErrors
    this.#serverErrors += part.serverErrors
    this.#bytes += part.bytes
    if (this.#lastSeenAt === null || part.lastSeenAt > this.#lastSeenAt)
      this.#lastSeenAt = part.lastSeenAt
    for (const duration of part.durations) if (duration !== null) this.#durations.push(duration)
  }

  merge(other: Sums): void {
    if (other.#lastSeenAt === null) return
    this.add({
      count: other.#count,
      weighted: other.#weighted,
      clientErrors: other.#clientErrors,
      serverErrors: other.#serverErrors,
      bytes: other.#bytes,
      lastSeenAt: other.#lastSeenAt,
      durations: other.#durations,
    })
  }

  /** The measures beside what they are of. */
  measuresWith<Of extends object>(of: Of): Of & Measures {
    return { ...of, ...this.measures() }
  }

  measures(): Measures {
    const sorted = Float64Array.from(this.#durations).sort()
    const errors = this.#clientErrors + this.#serverErrors
    return {
      count: this.#count,
      weighted: this.#weighted,
      clientErrors: this.#clientErrors,
      serverErrors: this.#serverErrors,
      errorRate: this.#count === 0 ? 0 : errors / this.#count,
      durationAvg: sorted.length === 0 ? null : averageOf(sorted),
      durationP50: rank(sorted, 0.5),
      durationP90: rank(sorted, 0.9),
      durationP99: rank(sorted, 0.99),
      durationMax: rank(sorted, 1),
      bytes: this.#bytes,
      lastSeenAt: this.#lastSeenAt,
    }
  }
}

function averageOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

/** The smallest value that so large a part of all does not exceed. */
function rank(sorted: Float64Array, part: number): number | null {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? null
}
