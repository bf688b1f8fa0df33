import { endWorkers, workersOf } from './worker-processes.ts'

/** Processor time that a step may take beyond what it took without a defect. */
const SPARE_MS = 5000
const TIMES = 5
/** A worker that does nothing for so long does not come back. */
const SILENCE_MS = 300_000

/**
 * Ends the worker when its module is in a loop: no time-out of a spec reaches it there. It is known by the processor time that
 * the worker has used since its last sign of life, which does not depend on what else the machine does.
 */
export class LoopWatch implements Disposable {
  readonly #title: string
  readonly #timer: NodeJS.Timeout
  #step = { at: Date.now(), expectedMs: 0, cpuMs: -1 }
  #ended = false

  /** @param title of the worker */
  constructor(title: string) {
    this.#title = title
    this.#timer = setInterval(() => void this.#look(), 1000)
  }

  /** Whether it had to end the worker. */
  get ended(): boolean {
    return this.#ended
  }

  /** The worker has begun another step, which takes so long without a defect. */
  begin(expectedMs: number): void {
    this.#step = { at: Date.now(), expectedMs, cpuMs: -1 }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    const step = this.#step
    const silence = Date.now() - step.at
    if (silence < 2000 || this.#ended) return
    const [worker] = await workersOf(this.#title)
    if (!worker || step !== this.#step) return
    if (step.cpuMs < 0) step.cpuMs = worker.cpuMs
    const limit = SPARE_MS + TIMES * step.expectedMs
    if (worker.cpuMs - step.cpuMs < limit && silence < SILENCE_MS) return
    this.#ended = true
    await endWorkers(this.#title)
  }
}
