import { performance } from 'node:perf_hooks'
import type { EventStore } from '../store/event-store.ts'
import type { BatchSummary, Forwarded } from './types.ts'

export interface ForwardSpec {
  /** Base URL of the other collector, e.g. `https://api.moesif.net`. */
  url: string
  /** The application id to send there. */
  forwardAs: string
}

const TIMEOUT_MS = 30_000
/** What waits to be passed on, at most; beyond it a batch is not, and its record says so. */
const MAX_WAITING = 200

/** Passes stored batches on to another collector, one after the other, and records its answers. */
export class Forwarding {
  readonly #store: EventStore
  readonly #specs = new Map<string, ForwardSpec>()
  readonly #stop = new AbortController()
  #waiting = 0
  #queue: Promise<void> = Promise.resolve()

  constructor(store: EventStore) {
    this.#store = store
  }

  set(applicationId: string, spec: ForwardSpec): void {
    this.#specs.set(applicationId, spec)
  }

  list(): (ForwardSpec & { applicationId: string })[] {
    return [...this.#specs].map(([applicationId, spec]) => ({
      applicationId,
      url: spec.url,
      forwardAs: spec.forwardAs,
    }))
  }

  remove(applicationId: string): boolean {
    return this.#specs.delete(applicationId)
  }

  /** `path` is the collector's own: `/v1/events` or `/v1/events/batch`. */
  pass(batch: BatchSummary, path: string, body: Uint8Array): void {
    const spec = this.#specs.get(batch.applicationId) ?? this.#specs.get('*')
    if (!spec) return
    const url = spec.url.replace(/\/$/, '') + path
    if (this.#waiting >= MAX_WAITING) {
      const error = `${MAX_WAITING} batches wait for the other collector already`
      this.#store.noteForwarded(batch.id, { url, answer: null, error, durationMs: 0 })
      return
    }
    this.#waiting++
    this.#queue = this.#passInTurn(this.#queue, batch.id, url, spec.forwardAs, body)
  }

  async #passInTurn(
    turn: Promise<void>,
    batchId: number,
    url: string,
    applicationId: string,
    body: Uint8Array,
  ): Promise<void> {
    await turn
    const forwarded = await this.#post(url, applicationId, body)
    this.#waiting--
    if (!this.#stop.signal.aborted) this.#store.noteForwarded(batchId, forwarded)
  }

  async #post(url: string, applicationId: string, body: Uint8Array): Promise<Forwarded> {
    const started = performance.now()
    const result = (answer: number | null, error: string | null): Forwarded => ({
      url,
      answer,
      error,
      durationMs: Math.round(performance.now() - started),
    })
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-moesif-application-id': applicationId },
        body: Buffer.from(body),
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      })
      await response.body?.cancel()
      return result(response.status, null)
    } catch (error) {
      const { message, cause } = error as Error
      return result(null, cause instanceof Error ? `${message}: ${cause.message}` : message)
    }
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await this.#queue
  }
}
