import { setImmediate } from '../model/real-timers.ts'

/** How long a reader may hold the event loop in one turn. */
export const TURN_MS = 5

/**
 * Lets those who read much take turns: one of them for each round of the event loop, so that the collector waits for one turn
 * at most, however many read.
 */
export class ReadingTurns {
  readonly #waiting: (() => void)[] = []
  #running = false

  /** Resolves when it is this reader's turn; rejects when its client is no longer there. */
  async take(signal?: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve)
      this.#run()
    })
    signal?.throwIfAborted()
  }

  #run(): void {
    if (this.#running) return
    this.#running = true
    setImmediate(() => {
      this.#running = false
      this.#waiting.shift()?.()
      if (this.#waiting.length > 0) this.#run()
    })
  }
}
