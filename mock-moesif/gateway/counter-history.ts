import type { CounterSample } from '../model/gateway.ts'
import { clearInterval, setInterval } from '../model/real-timers.ts'

const EVERY_MS = 5000
/** An hour. */
const MAX_SAMPLES = 720

/** The plugin's counters over time, bounded, recorded whether a page is open or not: one small answer of Envoy's admin every 5 s. */
export class CounterHistory implements Disposable {
  #samples: CounterSample[] = []
  #timer: NodeJS.Timeout | undefined

  /** Starts again: counters of another gateway are not continued. */
  follow(read: () => Promise<Record<string, number>>): void {
    this[Symbol.dispose]()
    const samples: CounterSample[] = (this.#samples = [])
    const sample = async () => {
      try {
        samples.push({ at: Date.now(), counters: await read() })
        if (samples.length > MAX_SAMPLES) samples.shift()
      } catch {
        // Envoy does not answer: there is no sample for this time.
      }
    }
    void sample()
    this.#timer = setInterval(() => void sample(), EVERY_MS)
    this.#timer.unref()
  }

  /** Oldest first. */
  get samples(): readonly CounterSample[] {
    return this.#samples
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#samples = []
  }
}
