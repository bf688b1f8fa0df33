import type { BatchSummary, Forwarded } from '../model/arrival.ts'
import type { ForwardSpec } from '../model/forward.ts'
import { elapsed } from '../model/real-timers.ts'

/** What forwarding needs of the store. */
export interface ForwardingParts {
  /** The decoded body of a stored batch; undefined when the bound has dropped it. */
  batchBody(batchId: number): Uint8Array | undefined
  noteForwarded(batchId: number, forwarded: Forwarded): void
}

interface Waiting {
  batchId: number
  url: string
  spec: ForwardSpec
  applicationId: string
  via: string
}

const TIMEOUT_MS = 30_000
/** Most batches that wait for one collector; further ones are not forwarded, and their record says so. */
const MAX_WAITING = 200

/**
 * Forwards stored batches to other collectors and records their answers. Batches for one collector are sent one after the other;
 * collectors do not wait for each other.
 */
export class Forwarding {
  readonly #parts: ForwardingParts
  readonly #specs = new Map<string, ForwardSpec>()
  readonly #stop = new AbortController()
  /** By origin. Only ids wait: the bodies are in the store. */
  readonly #queues = new Map<string, Waiting[]>()
  readonly #senders = new Set<Promise<void>>()
  /** This mock in a `Via` header (RFC 9110), which identifies a batch that comes back. */
  readonly #name = `mock-moesif-${crypto.randomUUID()}`

  constructor(parts: ForwardingParts) {
    this.#parts = parts
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

  /**
   * @param path the collector's own: `/v1/events` or `/v1/events/batch`
   * @param via the `Via` header that the batch came with
   */
  forward(batch: BatchSummary, path: string, via = ''): void {
    const spec = this.#specOf(batch.applicationId)
    if (!spec) return
    const url = spec.url.replace(/\/$/, '') + path
    const { origin } = new URL(url)
    const waiting = this.#queues.get(origin) ?? []
    if (via.includes(this.#name))
      return this.#note(batch.id, url, 'not passed on again: it came from this mock, in a loop')
    if (waiting.length >= MAX_WAITING)
      return this.#note(batch.id, url, `${MAX_WAITING} batches wait for ${origin} already`)
    waiting.push({ batchId: batch.id, url, spec, applicationId: batch.applicationId, via })
    if (this.#queues.has(origin)) return
    this.#queues.set(origin, waiting)
    const sender = this.#sendAll(origin, waiting).finally(() => this.#senders.delete(sender))
    this.#senders.add(sender)
  }

  #specOf(applicationId: string): ForwardSpec | undefined {
    return this.#specs.get(applicationId) ?? this.#specs.get('*')
  }

  #note(batchId: number, url: string, error: string): void {
    this.#parts.noteForwarded(batchId, { url, answer: null, error, durationMs: 0 })
  }

  async #sendAll(origin: string, queue: Waiting[]): Promise<void> {
    for (let next = queue[0]; next && !this.#stop.signal.aborted; next = queue[0]) {
      const { batchId, url, spec, applicationId } = next
      if (this.#specOf(applicationId) !== spec)
        this.#note(batchId, url, 'not passed on: forwarding was changed or stopped before its turn')
      else {
        const body = this.#parts.batchBody(batchId)
        if (body) {
          const forwarded = await this.#post(next, body)
          if (!this.#stop.signal.aborted) this.#parts.noteForwarded(batchId, forwarded)
        }
      }
      queue.shift()
    }
    this.#queues.delete(origin)
  }

  async #post({ url, spec, via }: Waiting, body: Uint8Array): Promise<Forwarded> {
    const started = elapsed()
    const result = (answer: number | null, error: string | null): Forwarded => ({
      url,
      answer,
      error,
      durationMs: Math.round(elapsed() - started),
    })
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-moesif-application-id': spec.forwardAs,
          via: `${via === '' ? '' : `${via}, `}1.1 ${this.#name}`,
        },
        body: Buffer.from(body),
        // The application id is a credential and the events are confidential: redirects to another server are not followed.
        redirect: 'manual',
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      })
      await response.body?.cancel()
      const location = response.headers.get('location')
      const isRedirect = response.status >= 300 && response.status < 400 && location !== null
      return result(
        response.status,
        isRedirect
          ? `not passed on: redirected to ${location}, which is not followed. Forward to that URL if it is right.`
          : null,
      )
    } catch (error) {
      const { message, cause } = error as Error
      return result(null, cause instanceof Error ? `${message}: ${cause.message}` : message)
    }
  }

  async close(): Promise<void> {
    this.#stop.abort()
    await Promise.all(this.#senders)
  }
}
