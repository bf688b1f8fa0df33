import { clearTimeout, setTimeout } from '../model/real-timers.ts'
import { HttpError } from './http-error.ts'

/** Of all bodies that are read, inflated or judged at one moment. */
const TOTAL_BYTES = 192 * 1024 * 1024
/** A body may have this much without a reservation: the usual batch. */
const FREE_BYTES = 64 * 1024
const WAIT_MS = 3000

interface Waiting {
  bytes: number
  go: () => void
}

/** Bounds the memory of bodies on their way into the store, however many come at once: a body without room waits for a while. */
export class BodyBudget {
  readonly #waiting: Waiting[] = []
  #left: number

  constructor(total = TOTAL_BYTES) {
    this.#left = total
  }

  lease(): BodyLease {
    return new BodyLease(this)
  }

  async take(bytes: number): Promise<void> {
    if (this.#waiting.length === 0 && bytes <= this.#left) {
      this.#left -= bytes
      return
    }
    await new Promise<void>((resolve, reject) => {
      const waiting: Waiting = {
        bytes,
        go: () => {
          clearTimeout(timer)
          resolve()
        },
      }
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
        this.#next()
        reject(new HttpError(503, 'Too many large bodies at once. Send it again later.'))
      }, WAIT_MS)
      this.#waiting.push(waiting)
    })
  }

  giveBack(bytes: number): void {
    this.#left += bytes
    this.#next()
  }

  #next(): void {
    for (
      let first = this.#waiting[0];
      first && first.bytes <= this.#left;
      first = this.#waiting[0]
    ) {
      this.#waiting.shift()
      this.#left -= first.bytes
      first.go()
    }
  }
}

/** What one body holds of the budget. */
export class BodyLease implements Disposable {
  readonly #budget: BodyBudget
  #held = 0

  constructor(budget: BodyBudget) {
    this.#budget = budget
  }

  /** Reserves memory for `bytes`, at once or after a wait. */
  async hold(bytes: number): Promise<void> {
    const wanted = bytes <= FREE_BYTES ? 0 : bytes
    const more = wanted - this.#held
    if (more > 0) await this.#budget.take(more)
    else if (more < 0) this.#budget.giveBack(-more)
    this.#held = wanted
  }

  [Symbol.dispose](): void {
    if (this.#held > 0) this.#budget.giveBack(this.#held)
    this.#held = 0
  }
}
