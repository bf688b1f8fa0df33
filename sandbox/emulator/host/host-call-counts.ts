import { Printed } from '../printed.ts'

export interface HostCallCount {
  calls: number
  /** Payload handed over in either direction; addresses and numbers are not counted. */
  bytes: number
}

/** How often each host function was called, over all threads: a deterministic measure of what a plugin costs. */
export class HostCallCounts extends Printed {
  readonly #counts = new Map<string, HostCallCount>()

  of(name: string): HostCallCount {
    let count = this.#counts.get(name)
    if (!count) this.#counts.set(name, (count = { calls: 0, bytes: 0 }))
    return count
  }

  get total(): HostCallCount {
    const total = { calls: 0, bytes: 0 }
    for (const { calls, bytes } of this.#counts.values()) {
      total.calls += calls
      total.bytes += bytes
    }
    return total
  }

  reset(): void {
    for (const count of this.#counts.values()) count.calls = count.bytes = 0
  }

  toObject(): Record<string, HostCallCount> {
    return Object.fromEntries(
      [...this.#counts].filter(([, { calls }]) => calls > 0).map(([n, c]) => [n, { ...c }]),
    )
  }

  override toJSON(): Record<string, HostCallCount> {
    return this.toObject()
  }
}
