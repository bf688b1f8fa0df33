import type { StartedMockMoesif } from '#mock-moesif/index.ts'

const EVERY_MS = 250
/** Of lines that come faster than this only the latest are forwarded. */
const MOST_LINES = 1000

/** Passes Envoy's log on to the mock, whose page shows its end. */
export class LogRelay implements AsyncDisposable {
  #waiting: string[] = []
  #timer: NodeJS.Timeout | undefined
  #sending: Promise<void> = Promise.resolve()
  readonly #mock: StartedMockMoesif

  constructor(mock: StartedMockMoesif) {
    this.#mock = mock
  }

  readonly add = (line: string): void => {
    this.#waiting.push(line)
    if (this.#waiting.length > 2 * MOST_LINES) this.#waiting = this.#waiting.slice(-MOST_LINES)
    this.#timer ??= setTimeout(() => this.#pass(), EVERY_MS)
  }

  #pass(): void {
    this.#timer = undefined
    const lines = this.#waiting.slice(-MOST_LINES)
    this.#waiting = []
    // The mock has stopped.
    if (lines.length > 0)
      this.#sending = this.#sending.then(() => this.#mock.addToGatewayLog(lines)).catch(() => {})
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer)
    await this.#sending
  }
}
