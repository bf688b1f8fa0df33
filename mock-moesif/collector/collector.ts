import { clearTimeout, setTimeout } from '../model/real-timers.ts'
import { StorageError } from '../store/storage-error.ts'
import { DISCONNECTED, json, type Answer } from './answer.ts'
import type { Arrival } from './arrival.ts'
import { BodyBudget } from './body-budget.ts'
import { CollectorExchange, type CollectorParts } from './collector-exchange.ts'
import type { Endpoint } from './endpoints.ts'
import { keptAnswer } from './kept-answer.ts'
import { keepRefusedBody } from './refused-body.ts'

/** How long a closed collector waits for what it is answering. */
const SETTLE_MS = 2000

/** Moesif's collector: what each endpoint takes, stores and answers. */
export class Collector {
  readonly #parts: CollectorParts
  readonly #budget = new BodyBudget()
  readonly #idle = Promise.withResolvers<void>()
  #answering = 0
  #closed = false

  constructor(parts: CollectorParts) {
    this.#parts = parts
  }

  async receive(endpoint: Endpoint, arrival: Arrival): Promise<Answer> {
    this.#answering++
    try {
      if (this.#closed) return DISCONNECTED
      using lease = this.#budget.lease()
      const exchange = new CollectorExchange(this.#parts, endpoint, arrival, lease)
      return await exchange.answer()
    } catch (error) {
      if (this.#closed) return DISCONNECTED
      throw error
    } finally {
      this.#answering--
      if (this.#closed && this.#answering === 0) this.#idle.resolve()
    }
  }

  /** Resolves when everything that is being answered is stored, or after a while: what takes longer is cut off and not stored. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#answering === 0) return
    const timer = setTimeout(this.#idle.resolve, SETTLE_MS)
    await this.#idle.promise
    clearTimeout(timer)
  }

  /** Notes and answers a request to something the collector does not have. */
  answerUnknown(arrival: Arrival): Answer {
    const { method, path, headers, applicationId } = arrival
    const answer = json(404, JSON.stringify({ error: `The collector has no ${path}` }))
    const { store } = this.#parts
    try {
      const { request } = store.record({
        method,
        path,
        headers,
        applicationId,
        receivedAt: Date.now(),
        wireBytes: 0,
        answer: 404,
        fault: null,
        durationMs: 0,
        bodyKept: arrival.hasBody ? 'unread' : null,
        answered: keptAnswer(method, answer),
      })
      if (arrival.hasBody) keepRefusedBody(store, request.id, arrival)
    } catch (error) {
      if (!(error instanceof StorageError)) throw error
    }
    return answer
  }
}
