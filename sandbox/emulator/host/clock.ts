import { requireDuration, requireTime } from './option-checks.ts'

export interface Timer {
  cancel(): void
}

/** How long the machine has been up when an emulation starts. */
const UPTIME_MS = 86_400_000

/** The time of all threads: stands still until a spec advances it. */
export class Clock {
  #epoch: number
  #elapsed = 0
  #timers: { at: number; order: number; run: () => void }[] = []
  #order = 0

  constructor(now: number) {
    this.#epoch = requireTime('The time `now`', now)
  }

  /** The wall clock: Unix milliseconds, fractions allowed. */
  get now(): number {
    return this.#epoch + this.#elapsed
  }

  get nanoseconds(): bigint {
    return nanoseconds(this.now)
  }

  /** Time that passed, whatever became of the wall clock. */
  get monotonicNanoseconds(): bigint {
    return nanoseconds(UPTIME_MS + this.#elapsed)
  }

  /** Sets the wall clock, forward or back, as an operator does: no time passes, and no timer falls due. */
  set(now: number): void {
    this.#epoch = requireTime('The time of clock.set()', now) - this.#elapsed
  }

  after(ms: number, run: () => void): Timer {
    requireDuration('The delay of clock.after()', ms)
    const timer = { at: this.#elapsed + ms, order: this.#order++, run }
    this.#timers.push(timer)
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer)
      },
    }
  }

  /** Runs timers that become due, by time, then in the order in which they were set. */
  advance(ms: number): void {
    const end = this.#elapsed + requireDuration('The time of advance()', ms)
    for (let timer = this.#next(); timer && timer.at <= end; timer = this.#next()) {
      this.#timers.splice(this.#timers.indexOf(timer), 1)
      this.#elapsed = Math.max(this.#elapsed, timer.at)
      timer.run()
    }
    this.#elapsed = Math.max(this.#elapsed, end)
  }

  #next() {
    let next = this.#timers[0]
    for (const timer of this.#timers) {
      if (next && (timer.at < next.at || (timer.at === next.at && timer.order < next.order)))
        next = timer
    }
    return next
  }
}

function nanoseconds(ms: number): bigint {
  const whole = Math.floor(ms)
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1_000_000))
}
