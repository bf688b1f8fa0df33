import { elapsed, setImmediate } from '../model/real-timers.ts'
import type { Steps } from '../query/index.ts'

/** How long a reader may hold the event loop in one turn. */
export const TURN_MS = 5

/**
 * Schedules long reads: one slice for each round of the event loop, so that the collector waits for one slice
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

  /** Goes through the steps of some work; in between, whenever a turn is over, others have theirs. */
  async through<Result>(steps: Steps<Result>, signal?: AbortSignal): Promise<Result> {
    let started = elapsed()
    for (;;) {
      const step = steps.next()
      if (step.done) return step.value
      if (elapsed() - started <= TURN_MS) continue
      await this.take(signal)
      started = elapsed()
    }
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
