import { MetricType, Status } from './abi.ts'

interface Metric {
  type: number
  name: string
  value: bigint
  samples: number[]
}

/** Bounds what a histogram remembers; count and sum go on. */
const keptSamples = 10_000

/**
 * Custom metrics, shared by all threads: two definitions of one name are one metric with two ids.
 * A counter can only grow, a gauge takes the last record or adds increments, a histogram can't be read by a plugin.
 */
export class Metrics {
  readonly #byName = new Map<string, Metric>()
  readonly #byId: Metric[] = []

  /** @returns the id, or -1 for an unknown type */
  define(type: number, name: string): number {
    if (type < MetricType.Counter || type > MetricType.Histogram) return -1
    const key = `${type} ${name}`
    let metric = this.#byName.get(key)
    if (!metric) {
      metric = { type, name, value: 0n, samples: [] }
      this.#byName.set(key, metric)
    }
    return this.#byId.push(metric) - 1
  }

  increment(id: number, offset: bigint): Status {
    const metric = this.#byId[id]
    if (!metric) return Status.BadArgument
    if (metric.type === MetricType.Histogram) return Status.BadArgument
    if (metric.type === MetricType.Counter && offset <= 0n) {
      return offset === 0n ? Status.Ok : Status.BadArgument
    }
    metric.value += offset
    return Status.Ok
  }

  record(id: number, value: bigint): Status {
    const metric = this.#byId[id]
    if (!metric) return Status.BadArgument
    if (metric.type === MetricType.Counter) metric.value += value
    else if (metric.type === MetricType.Gauge) metric.value = value
    else {
      metric.value += value
      if (metric.samples.length < keptSamples) metric.samples.push(Number(value))
    }
    return Status.Ok
  }

  read(id: number): bigint | null {
    const metric = this.#byId[id]
    return metric && metric.type !== MetricType.Histogram ? metric.value : null
  }

  /** The value of a counter or gauge, the sum of a histogram; undefined when nobody defined it. */
  get(name: string): number | undefined {
    for (const metric of this.#byName.values()) {
      if (metric.name === name) return Number(metric.value)
    }
    return undefined
  }

  /** What a histogram recorded, oldest first (the first 10,000). */
  samples(name: string): readonly number[] {
    return this.#byName.get(`${MetricType.Histogram} ${name}`)?.samples ?? []
  }

  toObject(): Record<string, number> {
    return Object.fromEntries([...this.#byName.values()].map((m) => [m.name, Number(m.value)]))
  }
}
