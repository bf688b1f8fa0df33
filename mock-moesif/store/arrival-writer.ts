import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { BatchSummary, BodyStart, RequestSummary } from '../model/arrival.ts'
import type { Counts } from '../model/counts.ts'
import type { EventSummary } from '../model/event.ts'
import type { ArrivedBatch, ArrivedEvent, ArrivedRequest } from './arrived.ts'
import type { Eviction } from './eviction.ts'
import type { Undoable } from './in-transaction.ts'
import type { MemberTypes } from './member-types.ts'
import type { Tally } from './tally.ts'
import type { Transactions } from './transactions.ts'

/** What was stored of a request. */
export interface Stored {
  request: RequestSummary
  batch?: BatchSummary
  events: EventSummary[]
}

interface LastIds {
  event: number
  batch: number
  request: number
}

interface WriterParts {
  tally: Tally
  transactions: Transactions
  memberTypes: MemberTypes
  eviction: Eviction
}

/** Writes the rows of what arrives, within a transaction of the store's, and counts them. */
export class ArrivalWriter implements Undoable {
  readonly #tally: Tally
  readonly #transactions: Transactions
  readonly #memberTypes: MemberTypes
  readonly #eviction: Eviction
  readonly #insertRequest: StatementSync
  readonly #keepBody: StatementSync
  readonly #insertBatch: StatementSync
  readonly #insertEvent: StatementSync
  readonly #findRetried: StatementSync
  readonly #addRefused: StatementSync
  /** Ids given last. */
  #last: LastIds
  #kept: LastIds

  constructor(database: DatabaseSync, parts: WriterParts) {
    this.#tally = parts.tally
    this.#transactions = parts.transactions
    this.#memberTypes = parts.memberTypes
    this.#eviction = parts.eviction
    this.#insertRequest = database.prepare(
      'INSERT INTO requests VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    this.#keepBody = database.prepare(
      'UPDATE requests SET body_kept = ?, body = ?, wire_bytes = max(wire_bytes, ?) WHERE id = ?',
    )
    this.#insertBatch = database.prepare(
      'INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)',
    )
    this.#insertEvent = database.prepare(
      'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    )
    this.#findRetried = database.prepare(
      `SELECT max(id) AS id FROM (
         SELECT max(id) AS id FROM batches WHERE first_transaction_id = ?1 AND app = ?2
         UNION ALL SELECT max(batch_id) FROM refused_transactions WHERE app = ?2 AND transaction_id = ?1
         UNION ALL SELECT batch_id FROM events WHERE id = ?3)`,
    )
    this.#addRefused = database.prepare(
      'INSERT OR IGNORE INTO refused_transactions VALUES (?, ?, ?)',
    )
    const last = (table: string) =>
      (database.prepare(`SELECT max(id) AS id FROM ${table}`).get()!['id'] as number | null) ?? 0
    this.#last = { event: last('events'), batch: last('batches'), request: last('requests') }
    this.#kept = { ...this.#last }
  }

  get lastEventId(): number {
    return this.#last.event
  }

  keep(): void {
    this.#kept = { ...this.#last }
  }

  undo(): void {
    this.#last = { ...this.#kept }
  }

  write(request: ArrivedRequest, batch?: ArrivedBatch): Stored {
    const stored = this.#addRequest(request)
    const added = batch && this.#addBatch(stored, batch)
    return { request: stored, events: [], ...added }
  }

  /** Keeps what was read of a body that was refused. */
  keepBody(id: number, { bytes, isWhole }: BodyStart): void {
    const kept = isWhole ? 'whole' : 'start'
    const { changes } = this.#keepBody.run(kept, bytes, bytes.byteLength, id)
    if (changes) this.#eviction.added({ refused: bytes.byteLength })
  }

  #addRequest({ answered, ...request }: ArrivedRequest): RequestSummary {
    const id = ++this.#last.request
    const answer = answered ? JSON.stringify(answered) : null
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
      request.bodyKept,
      null,
      answer,
    )
    this.#tally.change(request.applicationId ?? '').requests++
    this.#eviction.added({ requests: 1, refused: answer === null ? 0 : Buffer.byteLength(answer) })
    return { id, ...request }
  }

  #addBatch(
    request: RequestSummary,
    batch: ArrivedBatch,
  ): { batch: BatchSummary; events: EventSummary[] } {
    const app = batch.applicationId
    const counts = this.#tally.change(app)
    const id = ++this.#last.batch
    const retried = this.#retriedBy(app, batch.firstTransactionId)
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
      batch.wire ?? null,
    )
    for (const transactionId of batch.refusedTransactionIds ?? [])
      this.#addRefused.run(app, transactionId, id)
    if (batch.types && events[0])
      counts.typeChanges += this.#memberTypes.store(batch.types, events[0].id, request.receivedAt)
    counts.batches++
    const bytes = batch.body.byteLength + (batch.wire?.byteLength ?? 0)
    this.#eviction.added({ batches: 1, events: events.length, bytes })
    return { batch: summary, events }
  }

  /** The latest batch that carried an event: as its first one, among others that were refused, or among others that were stored. */
  #retriedBy(app: string, transactionId: string | null): number | null {
    if (transactionId === null) return null
    const stored = this.#transactions.firstOf(app, transactionId) ?? null
    return this.#findRetried.get(transactionId, app, stored)!['id'] as number | null
  }

  #addEvent(
    event: ArrivedEvent,
    batchId: number,
    app: string,
    receivedAt: number,
    counts: Counts,
  ): EventSummary {
    const id = ++this.#last.event
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
