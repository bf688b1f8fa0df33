import { signal } from '@preact/signals'
import type { EventSummary } from '#mock-moesif/client/index.ts'
import { EventRing } from './event-ring.ts'

/** The latest events whatever the query is: values to offer while one is typed. */
export class SeenEvents {
  readonly ring = new EventRing(2000)
  /** Grows with each arrival, for whoever waits for more. */
  readonly count = signal(0)

  /** Ascending by id; those already here are passed over. */
  take(rows: readonly EventSummary[]): void {
    const newest = this.ring.newest?.id ?? 0
    const fresh = rows.filter(({ id }) => id > newest).slice(-this.ring.capacity)
    for (const row of fresh) this.ring.addNewest(row)
    this.count.value += fresh.length
  }

  clear(): void {
    this.ring.clear()
  }
}
