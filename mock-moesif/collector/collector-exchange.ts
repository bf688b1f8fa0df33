import type { BatchSummary } from '../model/arrival.ts'
import type { EntityKind } from '../model/entity.ts'
import type { Fault } from '../model/fault.ts'
import { parseExactly } from '../model/exact-json.ts'
import { elapsed } from '../model/real-timers.ts'
import type { Span } from '../model/split-json.ts'
import type { ArrivedBatch, ArrivedEvent } from '../store/arrived.ts'
import type { Documents } from '../store/documents.ts'
import type { Entities } from '../store/entities.ts'
import type { EventStore } from '../store/event-store.ts'
import { StorageError } from '../store/storage-error.ts'
import { CORS, DISCONNECTED, json, notStored, type Answer } from './answer.ts'
import type { Arrival } from './arrival.ts'
import type { BodyLease } from './body-budget.ts'
import {
  decodeBody,
  encodingOf,
  type Encoding,
  inflatedAtMost,
  inflateUntilBreak,
  MAX_ACTIONS_BYTES,
  MAX_BATCH_BYTES,
} from './decode-body.ts'
import type { Endpoint } from './endpoints.ts'
import { entityProblems } from './entity-problems.ts'
import { delayOf, describeFault, type Faults } from './faults.ts'
import { ClientDisconnected, HttpError, type Problem } from './http-error.ts'
import { documentSpans, eachDocument } from './read-documents.ts'
import { keptAnswer } from './kept-answer.ts'
import { readEvent } from './read-event.ts'
import { refusalOf } from './refusal.ts'
import { keepRefusedBody } from './refused-body.ts'

export interface CollectorParts {
  store: EventStore
  faults: Faults
  documents: Documents
  entities: Entities
  /** The only application ids that are accepted; any is when this is absent. */
  applicationIds?: readonly string[] | undefined
  /** Called with each batch that was stored, and the `Via` header it came with. */
  onBatch?: (batch: BatchSummary, path: string, via: string | undefined) => void
}

const MAX_PROBLEMS = 100
/** Users and the like are held together, to be stored all or none. */
const MAX_ENTITY_VALUES = 1_000_000
/** Of one batch; beyond, each event keeps its first one. */
const MAX_FINDINGS = 10_000

/** One request on its way through the collector. */
export class CollectorExchange {
  readonly #parts: CollectorParts
  readonly #endpoint: Endpoint
  readonly #arrival: Arrival
  readonly #lease: BodyLease
  readonly #receivedAt = Date.now()
  readonly #started = elapsed()
  readonly #fault: Fault | undefined
  #wireBytes = 0
  #batch: ArrivedBatch | undefined
  /** Those that the answer names. */
  #problems: Problem[] = []

  constructor(parts: CollectorParts, endpoint: Endpoint, arrival: Arrival, lease: BodyLease) {
    this.#parts = parts
    this.#lease = lease
    this.#endpoint = endpoint
    this.#arrival = arrival
    this.#fault =
      arrival.method === 'OPTIONS'
        ? undefined
        : parts.faults.meet(arrival.applicationId, endpoint.path)
  }

  async answer(): Promise<Answer> {
    const fault = this.#fault
    if (fault?.connection === 'reset-before-read') return this.#recorded(DISCONNECTED)
    if (fault?.throttleBytesPerSecond !== undefined)
      this.#arrival.throttle?.(fault.throttleBytesPerSecond)

    let answer: Answer
    try {
      answer = await this.#process()
    } catch (error) {
      if (error instanceof ClientDisconnected) answer = { ...DISCONNECTED }
      else if (error instanceof HttpError) {
        answer = this.#answerTo(error)
        this.#problems = error.problems
      } else if (error instanceof StorageError) answer = notStored(error)
      else throw error
    }
    if (fault && !answer.connection && (fault.status ?? fault.body) !== undefined) {
      if (fault.status !== undefined) answer = this.#faulty(fault, answer)
      if (fault.body !== undefined) answer.body = fault.body
      this.#problems = []
    }
    if (fault?.connection === 'reset-after-read') answer.connection = 'reset'
    else if (fault?.connection)
      answer.connection = fault.connection as 'half-response' | 'no-response'
    const id = this.#record(answer)
    if (id instanceof StorageError)
      // A request that stores nothing can still be answered.
      return this.#batch ? notStored(id) : answer
    const delay = fault ? delayOf(fault) : 0
    if (delay > 0) {
      // Node's timers fire up to a millisecond early.
      await this.#arrival.wait(delay + 1)
      this.#parts.store.finishRequest(id, elapsed() - this.#started)
    }
    return answer
  }

  async #process(): Promise<Answer> {
    const { method } = this.#arrival
    const endpoint = this.#endpoint
    if (method === 'OPTIONS') return this.#preflight()
    const asGet = method === 'HEAD' ? 'GET' : method
    if (asGet !== endpoint.method)
      throw new HttpError(405, `${endpoint.path} takes ${endpoint.method}, not ${method}`)
    if (endpoint.kind === 'health')
      return json(200, JSON.stringify({ status: true, region: 'mock' }))

    const app = this.#authorized()
    if (endpoint.kind === 'config' || endpoint.kind === 'rules')
      return this.#document(app, endpoint.kind)

    const body = await this.#readBody(endpoint)
    if (endpoint.kind === 'events') return this.#takeEvents(app, body, endpoint.batch)
    await this.#takeEntities(app, endpoint.entity, body, endpoint.batch)
    return json(201, '{}', this.#tags(app))
  }

  #authorized(): string {
    const { applicationId } = this.#arrival
    if (applicationId === null || applicationId === '')
      throw new HttpError(401, 'The header X-Moesif-Application-Id is missing')
    const { applicationIds } = this.#parts
    if (applicationIds && applicationIds.length > 0 && !applicationIds.includes(applicationId))
      throw new HttpError(401, 'The application id of X-Moesif-Application-Id is not known here')
    return applicationId
  }

  async #readBody(endpoint: Endpoint): Promise<Uint8Array> {
    const type = this.#arrival.headers['content-type']
    if (!/^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type ?? ''))
      throw new HttpError(406, `Content-Type must be application/json, not ${type ?? 'absent'}`)
    const isActions = endpoint.kind === 'entities' && endpoint.entity === 'actions'
    const limit = isActions ? MAX_ACTIONS_BYTES : MAX_BATCH_BYTES
    const encoding = encodingOf(this.#arrival.headers['content-encoding'])
    const wire = await this.#arrival.readBody(limit, (bytes) => this.#lease.hold(bytes))
    this.#wireBytes = wire.byteLength
    const isEvents = endpoint.kind === 'events'
    if (isEvents) this.#keep(encoding === 'identity' ? wire : new Uint8Array(), encoding, wire)
    await this.#lease.hold(wire.byteLength + inflatedAtMost(wire, encoding, limit))
    const body = await this.#decoded(wire, encoding, limit)
    await this.#lease.hold(body.byteLength)
    if (isEvents) this.#keep(body, encoding, wire)
    return body
  }

  async #decoded(wire: Uint8Array, encoding: Encoding, limit: number): Promise<Uint8Array> {
    try {
      return await decodeBody(wire, encoding, limit)
    } catch (error) {
      if (this.#batch && (error as HttpError).status === 400)
        this.#keep(await inflateUntilBreak(wire, encoding), encoding, wire)
      throw error
    }
  }

  #keep(body: Uint8Array, encoding: string, wire: Uint8Array): void {
    this.#batch = {
      applicationId: this.#arrival.applicationId!,
      encoding,
      body,
      ...(body !== wire && { wire }),
      eventCount: 0,
      firstTransactionId: null,
      events: [],
    }
  }

  async #takeEntities(
    app: string,
    kind: EntityKind,
    body: Uint8Array,
    batch: boolean,
  ): Promise<void> {
    const documents: unknown[] = []
    const problems: Problem[] = []
    const spans = documentSpans(body, batch, MAX_ENTITY_VALUES)
    const take = (document: unknown, _span: Span, index: number) => {
      documents.push(document)
      if (problems.length < MAX_PROBLEMS)
        problems.push(...entityProblems(kind, document, batch, batch ? `/${index}` : ''))
    }
    await eachDocument(body, spans, batch, take, parseExactly)
    if (problems.length > 0)
      throw new HttpError(400, `Nothing was stored: not acceptable as ${kind}`, problems)
    if (!this.#rejectedByFault()) this.#parts.entities.add(app, kind, documents)
  }

  async #takeEvents(app: string, body: Uint8Array, batch: boolean): Promise<Answer> {
    const events: ArrivedEvent[] = []
    const problems: Problem[] = []
    let findings = 0
    const arrived = this.#batch!
    const types = this.#rejectedByFault() ? undefined : this.#parts.store.memberTypes.forBatch(app)
    await eachDocument(body, documentSpans(body, batch), batch, (document, span, index) => {
      types?.nextEvent()
      const event = readEvent(document, span, this.#receivedAt, types)
      findings += event.findings.length
      if (findings > MAX_FINDINGS) event.findings.length = Math.min(1, event.findings.length)
      events.push(event)
      if (event.verdict !== 'bad') return
      for (const { pointer, message } of event.findings)
        if (problems.length < MAX_PROBLEMS)
          problems.push({ pointer: batch ? `/${index}${pointer}` : pointer, message })
    })
    arrived.eventCount = events.length
    const ids = events.flatMap(({ transactionId }) => transactionId ?? [])
    arrived.firstTransactionId = ids[0] ?? null
    Object.assign(arrived, types ? { events, types } : { refusedTransactionIds: ids })
    if (problems.length > 0) throw new HttpError(400, refusalOf(events), problems)
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

  #answerTo(error: HttpError): Answer {
    const headers: Record<string, string> = {}
    if (error.status === 405) headers['allow'] = `${this.#endpoint.method}, OPTIONS`
    // The rest of a body that is too large stays unread, so this connection can't carry another request.
    if (error.status === 413 || error.status === 503) headers['connection'] = 'close'
    if (error.status === 503) headers['retry-after'] = '1'
    const body = { error: error.message, problems: error.problems }
    return json(error.status, JSON.stringify(body), headers)
  }

  get #isBatch(): boolean {
    return 'batch' in this.#endpoint && this.#endpoint.batch
  }

  #rejectedByFault(): boolean {
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

  /** The id of the request, or why there is none. */
  #record(answer: Answer): number | StorageError {
    try {
      return this.#store(answer)
    } catch (error) {
      if (error instanceof StorageError) return error
      throw error
    }
  }

  #store(answer: Answer): number {
    const { method, path, headers, applicationId } = this.#arrival
    const status = answer.connection ? null : answer.status
    const isRefused = !this.#batch && (status === null || status >= 400)
    const bodyKept = isRefused && this.#arrival.hasBody ? 'unread' : null
    const recorded = this.#parts.store.record(
      {
        receivedAt: this.#receivedAt,
        applicationId,
        method,
        path,
        headers,
        wireBytes: this.#wireBytes,
        answer: status,
        fault: this.#fault ? describeFault(this.#fault) : null,
        durationMs: elapsed() - this.#started,
        bodyKept,
        answered:
          status !== null && (status >= 400 || this.#fault)
            ? keptAnswer(method, answer, this.#problems, this.#isBatch)
            : undefined,
      },
      this.#batch,
    )
    if (bodyKept && this.#fault?.connection !== 'reset-before-read')
      keepRefusedBody(this.#parts.store, recorded.request.id, this.#arrival)
    if (recorded.batch && recorded.events.length > 0)
      this.#parts.onBatch?.(recorded.batch, this.#endpoint.path, headers['via'])
    return recorded.request.id
  }
}
