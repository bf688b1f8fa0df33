const SHORT_MS = 1_500

/** How long to wait for events. After one wait in vain it is short for a filter that has never sent anything. */
export class EventTimeout {
  readonly #longestMs: number
  #sends = false
  #gaveUp = false

  constructor(longestMs: number) {
    this.#longestMs = longestMs
  }

  /** Milliseconds to wait for events. */
  get eventsMs(): number {
    return this.#gaveUp && !this.#sends ? Math.min(SHORT_MS, this.#longestMs) : this.#longestMs
  }

  /** Events came. */
  met(): void {
    this.#sends = true
  }

  /** No event came in time. */
  missed(): void {
    this.#gaveUp = true
  }
}
