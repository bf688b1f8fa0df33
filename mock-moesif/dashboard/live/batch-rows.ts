import { signal } from '@preact/signals'
import type { BatchSummary } from '#mock-moesif/client/index.ts'
import { mock } from '../wire/mock.ts'

const held = 2000
const readAtOnce = 500

/** The newest batches, newest first: read once for each connection, then followed. */
export class BatchRows {
  readonly list = signal<readonly BatchSummary[]>([])
  /** Tells a late answer from that of the latest call. */
  #reading: AbortController | undefined

  async read(): Promise<void> {
    this.#reading?.abort()
    const reading = (this.#reading = new AbortController())
    const page = await mock.batchPage({ limit: readAtOnce }, reading).catch(() => null)
    if (!page || reading.signal.aborted) return
    const newest = page.items[0]?.id ?? 0
    // What was streamed meanwhile comes before them.
    this.list.value = [...this.list.peek().filter(({ id }) => id > newest), ...page.items]
  }

  /** Batches as they are streamed: new ones, and those of which more is known now. */
  take(streamed: readonly BatchSummary[]): void {
    const known = this.list.peek()
    const newest = known[0]?.id ?? 0
    const fresh = streamed.filter(({ id }) => id > newest)
    const changed = new Map(streamed.filter(({ id }) => id <= newest).map((one) => [one.id, one]))
    const kept = changed.size > 0 ? known.map((one) => changed.get(one.id) ?? one) : known
    this.list.value = [...fresh.toReversed(), ...kept].slice(0, held)
  }

  clear(): void {
    this.list.value = []
  }
}
