import type { Connections } from './connections.ts'
import type { Answer } from './exchange.ts'
import type { Steps } from './steps.ts'

export interface SendOptions {
  connections: Connections
  timeoutMs: number
  steps: Steps
}

/** How long after its head a client leaves: long enough for Envoy to have seen that. */
export const LEAVES_AFTER_MS = 150

/** One call, until it is over. */
export class Call {
  readonly #started = performance.now()
  readonly #chunks: Buffer[] = []
  readonly #over = Promise.withResolvers<void>()
  readonly #steps: Steps
  readonly answer: Answer = {
    status: 0,
    headers: {},
    trailers: {},
    informational: [],
    body: Buffer.alloc(0),
    totalMs: 0,
    sentAt: Date.now(),
    endedAt: 0,
  }

  constructor(steps: Steps) {
    this.#steps = steps
  }

  readonly take = (chunk: Buffer): void => {
    this.#chunks.push(chunk)
    this.#steps.arrive('response', chunk.length)
  }

  readonly end = (): void => this.#over.resolve()

  readonly fail = (error: Error): void => {
    this.answer.error ??= error.message
    this.end()
  }

  async result(): Promise<Answer> {
    await this.#over.promise
    this.answer.body = Buffer.concat(this.#chunks)
    this.answer.totalMs = performance.now() - this.#started
    this.answer.endedAt = Date.now()
    return this.answer
  }
}
