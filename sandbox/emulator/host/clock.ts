export interface Timer {
  readonly at: number
  cancel(): void
}

/** The time of all threads: stands still until a spec advances it. */
export class Clock {
  /** Unix milliseconds, fractions allowed. */
  now: number
  #timers: { at: number; order: number; run: () => void }[] = []
  #order = 0

  constructor(now: number) {
    this.now = now
  }

  get nanoseconds(): bigint {
    const whole = Math.floor(this.now)
    return BigInt(whole) * 1_000_000n + BigInt(Math.round((this.now - whole) * 1_000_000))
  }

  /** When the next timer is due, null when none is set. */
  get nextAt(): number | null {
    return this.#next()?.at ?? null
  }

  after(ms: number, run: () => void): Timer {
    const timer = { at: this.now + ms, order: this.#order++, run }
    this.#timers.push(timer)
    return {
      at: timer.at,
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer)
      },
    }
  }

  /** Runs what falls due on the way, in order of time, then of setting. */
  advance(ms: number): void {
    const end = this.now + ms
    for (let timer = this.#next(); timer && timer.at <= end; timer = this.#next()) {
      this.#timers.splice(this.#timers.indexOf(timer), 1)
      this.now = Math.max(this.now, timer.at)
      timer.run()
    }
    this.now = Math.max(this.now, end)
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
