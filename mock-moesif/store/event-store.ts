import { randomUUID } from 'node:crypto'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { BatchSummary, RequestSummary } from '../model/arrival.ts'
import type { Counts } from '../model/counts.ts'
import type { EventSummary, Finding, Verdict } from '../model/event.ts'
import { Eviction } from './eviction.ts'
import { inTransaction, type Undoable } from './in-transaction.ts'
import { type BatchTypes, MemberTypes } from './member-types.ts'
import { openDatabase } from './open-database.ts'
import { BATCH_COLUMNS, batchSummary, REQUEST_COLUMNS, requestSummary } from './rows.ts'
import { asStorageError } from './storage-error.ts'
import { Tally } from './tally.ts'
import { Transactions } from './transactions.ts'

export interface StoreOptions {
  /** File to keep everything in; in memory without. */
  db?: string | undefined
  /** Events held, the oldest go first. */
  maxEvents?: number | undefined
  /** Bytes of bodies held, the oldest go first. */
  maxBytes?: number | undefined
}

export type ArrivedRequest = Omit<RequestSummary, 'id'>

/** An event that was judged, and where it stands in the body of its batch. */
export interface ArrivedEvent {
  time: number | null
  verb: string | null
  uri: string | null
  status: number | null
  durationMs: number | null
  userId: string | null
  companyId: string | null
  direction: string | null
  weight: number
  blockedBy: string | null
  route: string | null
  transactionId: string | null
  offset: number
  size: number
  verdict: Verdict
  findings: Finding[]
}

export interface ArrivedBatch {
  applicationId: string
  encoding: string
  /** What is kept as raw: decoded, or as it came when it can't be decoded. */
  body: Uint8Array
  eventCount: number
  firstTransactionId: string | null
  events: ArrivedEvent[]
  /** What its events met for the first time, when they were compared with earlier ones. */
  types?: BatchTypes
}

/** What a request left in the store. */
export interface Stored {
  request: RequestSummary
  batch?: BatchSummary
  events: EventSummary[]
}

/** What listeners get, after the transaction. */
export interface StoreChange {
  /** One that arrived, or one of which more is known now: what another collector answered to it. */
  batch?: BatchSummary
  events?: EventSummary[]
  /** One that brought no batch, or one of which more is known now: how long it took. */
  request?: RequestSummary
  reset?: { applicationId: string | null }
}

const DEFAULT_MAX_EVENTS = 100_000
const DEFAULT_MAX_BYTES = 256 * 1024 * 1024

/** Everything the collector received, kept apart by application id, bounded by count and bytes. */
export class EventStore {
  readonly database: DatabaseSync
  /** Stays with a database file, and is another for each mock in memory: ids of events mean the same only within it. */
  readonly id: string
  readonly maxEvents: number
  readonly maxBytes: number
  readonly memberTypes: MemberTypes
  readonly #tally: Tally
  readonly #transactions: Transactions
  readonly #eviction: Eviction
  readonly #listeners = new Set<(change: StoreChange) => void>()
  readonly #insertRequest: StatementSync
  readonly #insertBatch: StatementSync
  readonly #insertEvent: StatementSync
  readonly #findRetried: StatementSync
  readonly #findBatch: StatementSync
  readonly #findRequest: StatementSync
  readonly #oldest: StatementSync
  readonly #memory: readonly Undoable[]
  #lastEventId: number
  #lastBatchId: number
  #lastRequestId: number

  constructor(options: StoreOptions = {}) {
    this.maxEvents = options.maxEvents ?? DEFAULT_MAX_EVENTS
    this.maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES
    const database = (this.database = openDatabase(options.db))
    this.id = identityOf(database)
    this.#tally = new Tally(database)
    this.#transactions = new Transactions(database)
    this.memberTypes = new MemberTypes(database)
    this.#eviction = new Eviction(
      database,
      this.#tally,
      this.#transactions,
      this.maxEvents,
      this.maxBytes,
    )
    this.#insertRequest = database.prepare(
      'INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    this.#insertBatch = database.prepare(
      'INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?)',
    )
    this.#insertEvent = database.prepare(
      'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    this.#findRetried = database.prepare(
      'SELECT id FROM batches WHERE first_transaction_id = ? AND app = ? ORDER BY id DESC LIMIT 1',
    )
    this.#findBatch = database.prepare(`SELECT ${BATCH_COLUMNS} FROM batches WHERE id = ?`)
    this.#findRequest = database.prepare(`SELECT ${REQUEST_COLUMNS} FROM requests WHERE id = ?`)
    this.#oldest = database.prepare('SELECT min(id) AS id FROM events')
    const last = (table: string) =>
      database.prepare(`SELECT max(id) AS id FROM ${table}`).get()!['id'] as number | null
    this.#lastEventId = last('events') ?? 0
    this.#lastBatchId = last('batches') ?? 0
    this.#lastRequestId = last('requests') ?? 0
    this.#memory = [this.#tally, this.#transactions, this.#eviction, this.memberTypes, this.#ids()]
  }

  /** Ids ascend by arrival and are never used twice while the mock runs. */
  get lastEventId(): number {
    return this.#lastEventId
  }

  /** Null while no event is held. */
  get oldestEventId(): number | null {
    return this.#oldest.get()!['id'] as number | null
  }

  /** The last ids, as something that a transaction changes. */
  #ids(): Undoable {
    const current = () => [this.#lastEventId, this.#lastBatchId, this.#lastRequestId] as const
    let before = current()
    return {
      keep: () => (before = current()),
      undo: () => ([this.#lastEventId, this.#lastBatchId, this.#lastRequestId] = before),
    }
  }

  /** Records a request, and what came with it, in one transaction. Returns what was stored. */
  record(request: ArrivedRequest, batch?: ArrivedBatch): Stored {
    const stored = inTransaction(this.database, this.#memory, () => {
      const storedRequest = this.#addRequest(request)
      const added = batch && this.#addBatch(storedRequest, batch)
      this.#eviction.run()
      this.#tally.save()
      return { request: storedRequest, events: [], ...added }
    })
    // Listeners hear of what is stored, and can't undo it.
    this.#notify(
      stored.batch ? { batch: stored.batch, events: stored.events } : { request: stored.request },
    )
    return stored
  }

  #addRequest(request: ArrivedRequest): RequestSummary {
    const id = ++this.#lastRequestId
    this.#insertRequest.run(
      id,
      request.receivedAt,
      request.applicationId,
      request.method,
      request.path,
      headersText(request.headers),
      request.wireBytes,
      request.answer,
      request.fault,
      request.durationMs,
    )
    this.#tally.change(request.applicationId ?? '').requests++
    this.#eviction.added({ requests: 1 })
    return { id, ...request }
  }

  #addBatch(
    request: RequestSummary,
    batch: ArrivedBatch,
  ): { batch: BatchSummary; events: EventSummary[] } {
    const app = batch.applicationId
    const counts = this.#tally.change(app)
    const id = ++this.#lastBatchId
    const retried =
      batch.firstTransactionId === null
        ? null
        : ((this.#findRetried.get(batch.firstTransactionId, app)?.['id'] as number | undefined) ??
          null)
    const events = batch.events.map((event) =>
      this.#addEvent(event, id, app, request.receivedAt, counts),
    )
    const summary: BatchSummary = {
      id,
      requestId: request.id,
      applicationId: app,
      receivedAt: request.receivedAt,
      eventCount: batch.eventCount,
      firstEventId: events[0]?.id ?? null,
      lastEventId: events.at(-1)?.id ?? null,
      encoding: batch.encoding,
      wireBytes: request.wireBytes,
      decodedBytes: batch.body.byteLength,
      answer: request.answer,
      fault: request.fault,
      retryOf: retried,
      forwarded: null,
    }
    this.#insertBatch.run(
      id,
      request.id,
      app,
      request.receivedAt,
      batch.eventCount,
      summary.firstEventId,
      summary.lastEventId,
      batch.encoding,
      request.wireBytes,
      batch.body.byteLength,
      request.answer,
      request.fault,
      retried,
      batch.firstTransactionId,
      batch.body,
    )
    if (batch.types) this.memberTypes.store(batch.types)
    counts.batches++
    this.#eviction.added({ batches: 1, events: events.length, bytes: batch.body.byteLength })
    return { batch: summary, events }
  }

  #addEvent(
    event: ArrivedEvent,
    batchId: number,
    app: string,
    receivedAt: number,
    counts: Counts,
  ): EventSummary {
    const id = ++this.#lastEventId
    const duplicateOf =
      event.transactionId === null ? null : this.#transactions.seen(app, event.transactionId, id)
    this.#insertEvent.run(
      id,
      app,
      batchId,
      receivedAt,
      event.time,
      event.verb,
      event.uri,
      event.status,
      event.durationMs,
      event.userId,
      event.companyId,
      event.direction,
      event.weight === 1 ? null : event.weight,
      event.blockedBy,
      event.route,
      event.transactionId,
      event.size,
      event.verdict,
      duplicateOf,
      event.offset,
      event.findings.length > 0 ? JSON.stringify(event.findings) : null,
    )
    counts.events++
    counts.received++
    counts.bytes += event.size
    counts[event.verdict]++
    if (duplicateOf === null) counts.unique++
    else counts.duplicates++
    const { offset: _offset, findings: _findings, ...fields } = event
    return { id, applicationId: app, batchId, receivedAt, ...fields, duplicateOf }
  }

  /** Notes how long a request really took, when a fault held its answer back. */
  finishRequest(id: number, durationMs: number): void {
    if (!this.#note('UPDATE requests SET duration_ms = ? WHERE id = ?', durationMs, id)) return
    const row = this.#findRequest.get(id)
    if (row) this.#notify({ request: requestSummary(row) })
  }

  /** Notes what another collector answered to a batch. */
  noteForwarded(batchId: number, forwarded: BatchSummary['forwarded']): void {
    const noted = JSON.stringify(forwarded)
    if (!this.#note('UPDATE batches SET forwarded = ? WHERE id = ?', noted, batchId)) return
    const row = this.#findBatch.get(batchId)
    if (row) this.#notify({ batch: batchSummary(row) })
  }

  /** Adds what became of something stored; a database that fails meanwhile costs the remark only. */
  #note(sql: string, value: string | number, id: number): boolean {
    if (!this.database.isOpen) return false
    try {
      this.database.prepare(sql).run(value, id)
      return true
    } catch (error) {
      process.emitWarning(asStorageError(error) as Error)
      return false
    }
  }

  /** Forgets the events, batches, requests and counts of one application, or of all. */
  clear(applicationId: string | null): void {
    this.#eviction.clear(applicationId)
    this.memberTypes.clear(applicationId)
    this.#notify({ reset: { applicationId } })
  }

  counts(applicationId?: string): Counts {
    return applicationId === undefined ? this.#tally.total() : this.#tally.of(applicationId)
  }

  applications(): string[] {
    return this.#tally.applications().filter((id) => id !== '')
  }

  /** Calls `listener` after each change; returns how to stop. */
  onChange(listener: (change: StoreChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #notify(change: StoreChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change)
      } catch (error) {
        process.emitWarning(error as Error)
      }
    }
  }

  close(): void {
    this.#listeners.clear()
    if (this.database.isOpen) this.database.close()
  }
}

function identityOf(database: DatabaseSync): string {
  const known = database.prepare('SELECT id FROM identity').get()?.['id'] as string | undefined
  if (known !== undefined) return known
  const id = randomUUID()
  database.prepare('INSERT INTO identity VALUES (?)').run(id)
  return id
}

const MAX_HEADERS_TEXT = 16 * 1024
const MAX_LONG_VALUE = 500

/** Headers of a usual size as they are; of a huge set, long values are cut, so that requests stay bounded. */
function headersText(headers: Record<string, string>): string {
  const text = JSON.stringify(headers)
  if (text.length <= MAX_HEADERS_TEXT) return text
  return JSON.stringify(headers, (_name, value: unknown) =>
    typeof value === 'string' && value.length > MAX_LONG_VALUE
      ? `${value.slice(0, MAX_LONG_VALUE)}… (${value.length} characters)`
      : value,
  )
}
