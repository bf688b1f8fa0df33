import { performance } from 'node:perf_hooks'
import type { ArrivedBatch, ArrivedRequest, EventStore } from '../store/event-store.ts'
import type { BatchSummary, RequestSummary } from '../model/arrival.ts'
import type { Fault } from '../model/fault.ts'
import type { Documents } from '../store/documents.ts'
import type { Entities } from '../store/entities.ts'
import type { Arrival } from './arrival.ts'
import { checkEntities } from './check-entities.ts'
import { decodeBody, encodingOf, MAX_ACTIONS_BYTES, MAX_BATCH_BYTES } from './decode-body.ts'
import type { Endpoint } from './endpoints.ts'
import { delayOf, describeFault, type Faults } from './faults.ts'
import { listOf, parseDocument, readEvents } from './read-batch.ts'
import { ClientGone, Refusal } from './refusal.ts'

export interface Answer {
  status: number
  headers: Record<string, string>
  body: string
  /** What to do to the connection instead of, or while, answering. */
  connection?: 'reset' | 'half-response' | 'no-response'
}

export interface CollectorParts {
  store: EventStore
  faults: Faults
  documents: Documents
  entities: Entities
  /** The only ids that are welcome; without, any is. */
  applicationIds?: readonly string[] | undefined
  /** Told of each batch that was stored, and of the `Via` header it came with. */
  onBatch?: (batch: BatchSummary, path: string, via: string | undefined) => void
}

const CORS = { 'access-control-allow-origin': '*' }
const MAX_PROBLEMS = 100

/** Moesif's collector: what each endpoint takes, stores and answers. */
export class Collector {
  readonly #parts: CollectorParts

  constructor(parts: CollectorParts) {
    this.#parts = parts
  }

  async receive(endpoint: Endpoint, arrival: Arrival): Promise<Answer> {
    const exchange = new CollectorExchange(this.#parts, endpoint, arrival)
    return exchange.answer()
  }

  /** Notes a request to something the collector does not have. */
  noteUnknown(
    request: Pick<ArrivedRequest, 'method' | 'path' | 'headers' | 'applicationId'>,
  ): void {
    const { method, path, headers, applicationId } = request
    this.#parts.store.record({
      method,
      path,
      headers,
      applicationId,
      receivedAt: Date.now(),
      wireBytes: 0,
      answer: 404,
      fault: null,
      durationMs: 0,
    })
  }
}

/** One request on its way through the collector. */
class CollectorExchange {
  readonly #parts: CollectorParts
  readonly #endpoint: Endpoint
  readonly #arrival: Arrival
  readonly #receivedAt = Date.now()
  readonly #started = performance.now()
  readonly #fault: Fault | undefined
  #wireBytes = 0
  #batch: ArrivedBatch | undefined

  constructor(parts: CollectorParts, endpoint: Endpoint, arrival: Arrival) {
    this.#parts = parts
    this.#endpoint = endpoint
    this.#arrival = arrival
    this.#fault =
      arrival.method === 'OPTIONS'
        ? undefined
        : parts.faults.meet(arrival.applicationId, endpoint.path)
  }

  async answer(): Promise<Answer> {
    const fault = this.#fault
    if (fault?.connection === 'reset-before-read')
      return this.#recorded({ status: 0, headers: {}, body: '', connection: 'reset' })
    if (fault?.throttleBytesPerSecond !== undefined)
      this.#arrival.throttle?.(fault.throttleBytesPerSecond)

    let answer: Answer
    try {
      answer = await this.#process()
    } catch (error) {
      if (error instanceof ClientGone)
        answer = { status: 0, headers: {}, body: '', connection: 'reset' }
      else if (error instanceof Refusal) answer = this.#refused(error)
      else throw error
    }
    if (fault?.status !== undefined && !answer.connection) answer = this.#faulty(fault, answer)
    if (fault?.connection === 'reset-after-read') answer.connection = 'reset'
    else if (fault?.connection)
      answer.connection = fault.connection as 'half-response' | 'no-response'
    const { id } = this.#record(answer)
    const delay = fault ? delayOf(fault) : 0
    if (delay > 0) {
      await this.#arrival.wait(delay)
      this.#parts.store.finishRequest(id, performance.now() - this.#started)
    }
    return answer
  }

  async #process(): Promise<Answer> {
    const { method } = this.#arrival
    const endpoint = this.#endpoint
    if (method === 'OPTIONS') return this.#preflight()
    const asGet = method === 'HEAD' ? 'GET' : method
    if (asGet !== endpoint.method)
      throw new Refusal(405, `${endpoint.path} takes ${endpoint.method}, not ${method}`)
    if (endpoint.kind === 'health')
      return json(200, JSON.stringify({ status: true, region: 'mock' }))

    const app = this.#authorized()
    if (endpoint.kind === 'config' || endpoint.kind === 'rules')
      return this.#document(app, endpoint.kind)

    const body = await this.#readBody(endpoint)
    const documents = listOf(parseDocument(body), endpoint.batch)
    if (endpoint.kind === 'events') return this.#takeEvents(app, body, documents, endpoint.batch)
    checkEntities(endpoint.entity, documents, endpoint.batch)
    if (!this.#refusesByFault()) this.#parts.entities.add(app, endpoint.entity, documents)
    return json(201, '{}', this.#tags(app))
  }

  #authorized(): string {
    const { applicationId } = this.#arrival
    if (applicationId === null || applicationId === '')
      throw new Refusal(401, 'The header X-Moesif-Application-Id is missing')
    const { applicationIds } = this.#parts
    if (applicationIds && applicationIds.length > 0 && !applicationIds.includes(applicationId))
      throw new Refusal(401, 'The application id of X-Moesif-Application-Id is not known here')
    return applicationId
  }

  async #readBody(endpoint: Endpoint): Promise<Uint8Array> {
    const type = this.#arrival.headers['content-type']
    if (!/^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type ?? ''))
      throw new Refusal(406, `Content-Type must be application/json, not ${type ?? 'absent'}`)
    const isActions = endpoint.kind === 'entities' && endpoint.entity === 'actions'
    const limit = isActions ? MAX_ACTIONS_BYTES : MAX_BATCH_BYTES
    const encoding = encodingOf(this.#arrival.headers['content-encoding'])
    const wire = await this.#arrival.readBody(limit)
    this.#wireBytes = wire.byteLength
    const isEvents = endpoint.kind === 'events'
    if (isEvents) this.#keep(wire, encoding)
    const body = await decodeBody(wire, encoding, limit)
    if (isEvents) this.#keep(body, encoding)
    return body
  }

  #keep(body: Uint8Array, encoding: string): void {
    this.#batch = {
      applicationId: this.#arrival.applicationId!,
      encoding,
      body,
      eventCount: 0,
      firstTransactionId: null,
      events: [],
    }
  }

  #takeEvents(app: string, body: Uint8Array, documents: unknown[], batch: boolean): Answer {
    const events = readEvents(body, documents, batch, this.#receivedAt)
    const arrived = this.#batch!
    arrived.eventCount = events.length
    arrived.firstTransactionId = events[0]?.transactionId ?? null
    if (!this.#refusesByFault()) arrived.events = events
    const problems = events.flatMap(({ verdict, findings }, index) =>
      verdict === 'bad'
        ? findings.map(({ pointer, message }) => ({
            pointer: batch ? `/${index}${pointer}` : pointer,
            message,
          }))
        : [],
    )
    if (problems.length > 0)
      throw new Refusal(400, 'Moesif would refuse this', problems.slice(0, MAX_PROBLEMS))
    return json(201, '{}', this.#tags(app))
  }

  #document(app: string, kind: 'config' | 'rules'): Answer {
    const { documents } = this.#parts
    const tag = documents.tag(app, kind)
    const headers = { ...this.#tags(app), etag: `"${tag}"` }
    const known = this.#arrival.headers['if-none-match']
    if (known !== undefined && known.replaceAll(/^W\/|"/g, '') === tag)
      return { status: 304, headers: { ...CORS, ...headers }, body: '' }
    return json(200, documents.text(app, kind), headers)
  }

  /** On every answer to a known application: clients compare them with what they have. */
  #tags(app: string): Record<string, string> {
    const { documents } = this.#parts
    const rules = documents.tag(app, 'rules')
    return {
      'x-moesif-config-etag': documents.tag(app, 'config'),
      'x-moesif-rules-tag': rules,
    }
  }

  #preflight(): Answer {
    return {
      status: 204,
      headers: {
        ...CORS,
        'access-control-allow-methods': `${this.#endpoint.method}, OPTIONS`,
        'access-control-allow-headers':
          this.#arrival.headers['access-control-request-headers'] ??
          'content-type, x-moesif-application-id',
        'access-control-max-age': '600',
      },
      body: '',
    }
  }

  #refused(refusal: Refusal): Answer {
    const headers: Record<string, string> = {}
    if (refusal.status === 405) headers['allow'] = `${this.#endpoint.method}, OPTIONS`
    // The rest of a body that is too large stays unread, so this connection can't carry another request.
    if (refusal.status === 413) headers['connection'] = 'close'
    const body = { error: refusal.message, problems: refusal.problems }
    return json(refusal.status, JSON.stringify(body), headers)
  }

  #refusesByFault(): boolean {
    return (this.#fault?.status ?? 0) >= 400
  }

  #faulty(fault: Fault, answer: Answer): Answer {
    const headers: Record<string, string> =
      fault.status! < 400 ? { ...answer.headers } : { ...CORS, 'content-type': 'application/json' }
    if (fault.retryAfter !== undefined) headers['retry-after'] = String(fault.retryAfter)
    const body = JSON.stringify({ error: `Fault ${fault.id} of the mock` })
    const bodyless = fault.status === 204 || fault.status === 304
    return { status: fault.status!, headers, body: bodyless ? '' : body }
  }

  #recorded(answer: Answer): Answer {
    this.#record(answer)
    return answer
  }

  #record(answer: Answer): RequestSummary {
    const { method, path, headers, applicationId } = this.#arrival
    const recorded = this.#parts.store.record(
      {
        receivedAt: this.#receivedAt,
        applicationId,
        method,
        path,
        headers,
        wireBytes: this.#wireBytes,
        answer: answer.connection ? null : answer.status,
        fault: this.#fault ? describeFault(this.#fault) : null,
        durationMs: performance.now() - this.#started,
      },
      this.#batch,
    )
    if (recorded.batch && recorded.events.length > 0)
      this.#parts.onBatch?.(recorded.batch, this.#endpoint.path, headers['via'])
    return recorded.request
  }
}

function json(status: number, body: string, headers: Record<string, string> = {}): Answer {
  return { status, headers: { ...CORS, 'content-type': 'application/json', ...headers }, body }
}
