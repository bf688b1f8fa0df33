import { batch, signal } from '@preact/signals'
import type { EventSummary } from '#mock-moesif/client/index.ts'
import { EventRing } from './event-ring.ts'
import { Interning } from './interning.ts'
import { type RowOrder, SortedRows } from './row-order.ts'

/**
 * The rows of the list. Anything may be added at any rate; what the page shows changes at most once an animation frame
 * (`drawn`). While frozen, new rows are taken in but held back, so nothing moves under the reader.
 */
export class EventRows implements Disposable {
  readonly ring: EventRing
  /** Changes when there is something new to draw. */
  readonly drawn = signal(0)
  /** Newer rows that are not shown yet. */
  readonly heldBack = signal(0)
  #newest = 0
  #held = 0
  /** How often a row was put before all others. */
  #added = 0
  #refused = 0
  #frozen = false
  #frame = 0
  #sorted: SortedRows | null = null
  readonly #interning = new Interning()

  constructor(capacity: number) {
    this.ring = new EventRing(capacity)
  }

  get order(): RowOrder | null {
    return this.#sorted?.order ?? null
  }

  /** How many rows there are to show. */
  get shown(): number {
    return this.#sorted?.size ?? Math.max(0, this.ring.size - this.#held)
  }

  /** The shown row at `index`, 0 the first of them. */
  at(index: number): EventSummary | undefined {
    return this.#sorted ? this.#sorted.at(index) : this.ring.at(index + this.#held)
  }

  /** A number that a row keeps while others come before and after it; neighbours differ by one. */
  ordinal(index: number): number {
    return this.#sorted ? index : this.#added - this.#held - index
  }

  /** Index among the shown rows, -1 when it is not among them. */
  indexOf(id: number): number {
    const index = this.ring.indexOf(id)
    const row = this.ring.at(index)
    if (this.#sorted) return row ? this.#sorted.indexOf(row) : -1
    return index < this.#held ? -1 : index - this.#held
  }

  /** Rows as they arrive, ascending; those already here are passed over. Returns those that were new. */
  addNewer(rows: readonly EventSummary[]): EventSummary[] {
    const added: EventSummary[] = []
    for (const row of rows) {
      if (row.id <= this.#newest) continue
      this.#newest = row.id
      this.#addNewest(row)
      added.push(row)
    }
    if (added.length > 0) this.#requestFrame()
    return added
  }

  /** A page of older rows, descending. False when there is no room for more. */
  addOlder(rows: readonly EventSummary[]): boolean {
    let room = true
    for (const row of rows) {
      const oldest = this.ring.oldest
      if (oldest && row.id >= oldest.id) continue
      room = this.ring.addOldest(this.#interning.of(row))
      if (!room) break
      this.#sorted?.add(row)
      if (row.id > this.#newest) this.#newest = row.id
    }
    this.#requestFrame()
    return room
  }

  /** Removes what is older than this id. */
  removeBelow(id: number): void {
    let row = this.ring.oldest
    if (!row || row.id >= id) return
    for (; row && row.id < id; row = this.ring.oldest) {
      this.ring.removeOldest()
      this.#sorted?.remove(row)
    }
    this.#held = Math.min(this.#held, this.ring.size)
    this.#requestFrame()
  }

  /** `count` rows were not sent: the list is no longer complete. */
  miss(count: number): void {
    this.#refused += Math.max(1, count)
    this.#requestFrame()
  }

  /** Null for the newest first. */
  sortBy(order: RowOrder | null): void {
    if (order === this.order) return
    const shown = this.ring.ascending().slice(0, this.ring.size - this.#held)
    this.#sorted = order === null ? null : new SortedRows(order, shown)
    this.#draw()
  }

  freeze(): void {
    this.#frozen = true
  }

  /** Shows what was held back. False when more came than could be held: then the rows must be read anew. */
  thaw(): boolean {
    this.#frozen = false
    return this.showHeldBack()
  }

  showHeldBack(): boolean {
    const complete = this.#refused === 0
    for (let index = 0; this.#sorted && index < this.#held; index++)
      this.#sorted.add(this.ring.at(index)!)
    this.#held = 0
    this.#refused = 0
    this.#draw()
    return complete
  }

  [Symbol.dispose](): void {
    cancelAnimationFrame(this.#frame)
  }

  #addNewest(row: EventSummary): void {
    // Visible rows are never evicted by rows that are not visible.
    if (this.#frozen && this.#held >= this.ring.capacity / 2) {
      this.#refused++
      return
    }
    this.#added++
    const evicted = this.ring.addNewest(this.#interning.of(row))
    if (evicted) this.#sorted?.remove(evicted)
    if (this.#frozen) this.#held++
    else this.#sorted?.add(row)
  }

  #requestFrame(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw())
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame)
    this.#frame = 0
    batch(() => {
      this.heldBack.value = this.#held + this.#refused
      this.drawn.value = this.drawn.peek() + 1
    })
  }
}
