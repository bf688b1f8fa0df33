import { Printed } from '../printed.ts'
import { MetricType, Status } from '../abi/constants.ts'

export interface Metric {
  type: number
  name: string
  value: bigint
  samples: number[]
}

/** Bounds what a histogram remembers; count and sum go on. */
const keptSamples = 10_000

/** All custom metrics, shared by all threads: two definitions of one name are one metric. */
export class Metrics extends Printed {
  readonly #byName = new Map<string, Metric>()

  /** @internal The metric of that type and name, created when it does not exist. */
  define(type: number, name: string): Metric {
    const key = `${type} ${name}`
    let metric = this.#byName.get(key)
    if (!metric) {
      metric = { type, name, value: 0n, samples: [] }
      this.#byName.set(key, metric)
    }
    return metric
  }

  /** The value of a counter or gauge, the sum of a histogram; undefined when it is not defined. */
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

  /** Each metric as it is now: cheaper than a copy of all, for a look after every step. */
  [Symbol.iterator](): IterableIterator<Readonly<Metric>> {
    return this.#byName.values()
  }

  toObject(): Record<string, number> {
    return Object.fromEntries([...this.#byName.values()].map((m) => [m.name, Number(m.value)]))
  }

  override toJSON(): Record<string, number> {
    return this.toObject()
  }
}

/** The type is in the two low bits of an id. */
const typeOf = (id: number): number => id & 3
const idStep = 4

/**
 * The metrics of one VM by the ids that it was given: each definition gives a new one.
 * A counter can only grow, a gauge takes the last record or adds increments, a histogram can't be read by a plugin.
 */
export class MetricIds {
  readonly #metrics: Metrics
  readonly #byId = new Map<number, Metric>()
  readonly #last = [MetricType.Counter, MetricType.Gauge, MetricType.Histogram] as number[]

  constructor(metrics: Metrics) {
    this.#metrics = metrics
  }

  /** @returns the id, or null for an unknown type */
  define(type: number, name: string): number | null {
    const last = this.#last[type]
    if (last === undefined) return null
    const id = last + idStep
    this.#last[type] = id
    this.#byId.set(id, this.#metrics.define(type, name))
    return id
  }

  increment(id: number, offset: bigint): Status {
    if (typeOf(id) >= MetricType.Histogram) return Status.BadArgument
    const metric = this.#byId.get(id)
    if (!metric) return Status.NotFound
    if (metric.type === MetricType.Counter && offset <= 0n) return Status.BadArgument
    metric.value += offset
    return Status.Ok
  }

  record(id: number, value: bigint): Status {
    const metric = this.#byId.get(id)
    if (!metric) return Status.NotFound
    if (metric.type === MetricType.Gauge) metric.value = value
    else metric.value += value
    if (metric.type === MetricType.Histogram && metric.samples.length < keptSamples) {
      metric.samples.push(Number(value))
    }
    return Status.Ok
  }

  read(id: number): bigint | Status {
    if (typeOf(id) >= MetricType.Histogram) return Status.BadArgument
    return this.#byId.get(id)?.value ?? Status.NotFound
  }
}
