import type { EventSummary } from '#mock-moesif/client/index.ts'

/**
 * The newest events by descending id, bounded. Both ends grow in constant time: live rows at the front, pages of older ones
 * at the back.
 */
export class EventRing {
  readonly capacity: number
  /** Allocated at once: an array that grows from its far end becomes a hash table in V8. */
  readonly #slots: (EventSummary | undefined)[]
  /** Slot of the newest event. */
  #head = 0
  #size = 0

  constructor(capacity: number) {
    this.capacity = capacity
    this.#slots = Array.from({ length: capacity })
  }

  get size(): number {
    return this.#size
  }

  get newest(): EventSummary | undefined {
    return this.at(0)
  }

  get oldest(): EventSummary | undefined {
    return this.at(this.#size - 1)
  }

  /** 0 is the newest. */
  at(index: number): EventSummary | undefined {
    if (index < 0 || index >= this.#size) return undefined
    return this.#slots[(this.#head + index) % this.capacity]
  }

  /** All of them, oldest first. */
  ascending(): EventSummary[] {
    return Array.from({ length: this.#size }, (_, index) => this.at(this.#size - 1 - index)!)
  }

  /** Returns the event that made room, if one had to. */
  addNewest(row: EventSummary): EventSummary | undefined {
    this.#head = (this.#head + this.capacity - 1) % this.capacity
    const evicted = this.#size === this.capacity ? this.#slots[this.#head] : undefined
    this.#slots[this.#head] = row
    if (this.#size < this.capacity) this.#size++
    return evicted
  }

  /** False when the ring is full: a newer event is never removed for an older one. */
  addOldest(row: EventSummary): boolean {
    if (this.#size === this.capacity) return false
    this.#slots[(this.#head + this.#size) % this.capacity] = row
    this.#size++
    return true
  }

  /** Removes the oldest event and returns it. */
  removeOldest(): EventSummary | undefined {
    if (this.#size === 0) return undefined
    const slot = (this.#head + --this.#size) % this.capacity
    const row = this.#slots[slot]
    this.#slots[slot] = undefined
    return row
  }

  clear(): void {
    this.#slots.fill(undefined)
    this.#head = 0
    this.#size = 0
  }

  /** Index of the event, -1 when it is not held. */
  indexOf(id: number): number {
    const index = this.firstNotAfter(id)
    return this.at(index)?.id === id ? index : -1
  }

  /** Index of the newest event whose id is at most `id`. */
  firstNotAfter(id: number): number {
    let low = 0
    let high = this.#size
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.at(middle)?.id ?? 0) > id) low = middle + 1
      else high = middle
    }
    return low
  }
}
