const SHORT_MS = 1_500

/** How long is waited for what a filter should do. One that has never sent anything is not waited for again and again. */
export class Patience {
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

  /** None came though some were waited for. */
  missed(): void {
    this.#gaveUp = true
  }
}
