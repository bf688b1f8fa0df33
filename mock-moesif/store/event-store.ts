import { randomUUID } from 'node:crypto'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { BatchSummary, BodyStart, RequestSummary } from '../model/arrival.ts'
import type { Counts } from '../model/counts.ts'
import type { EventSummary } from '../model/event.ts'
import { ArrivalWriter, type Stored } from './arrival-writer.ts'
import type { ArrivedBatch, ArrivedRequest } from './arrived.ts'
import { Eviction } from './eviction.ts'
import { inTransaction, type Undoable } from './in-transaction.ts'
import { MemberTypes } from './member-types.ts'
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

/** What listeners get, after the transaction. */
export interface StoreChange {
  /** One that arrived, or one of which more is known now: what another collector answered to it. */
  batch?: BatchSummary
  events?: EventSummary[]
  /** One that brought no batch, or one of which more is known now: how long it took. */
  request?: RequestSummary
  reset?: { applicationId: string | null; generation: number }
}

const DEFAULT_MAX_EVENTS = 100_000
const DEFAULT_MAX_BYTES = 256 * 1024 * 1024

/** Everything the collector received, kept apart by application id, bounded by count and bytes. */
export class EventStore {
  readonly database: DatabaseSync
  /** Constant for a database file, new for each mock in memory: ids of events are comparable only within it. */
  readonly id: string
  readonly maxEvents: number
  readonly maxBytes: number
  readonly memberTypes: MemberTypes
  readonly #tally: Tally
  readonly #transactions: Transactions
  readonly #eviction: Eviction
  readonly #writer: ArrivalWriter
  readonly #listeners = new Set<(change: StoreChange) => void>()
  readonly #findBatch: StatementSync
  readonly #findRequest: StatementSync
  readonly #oldest: StatementSync
  readonly #memory: readonly Undoable[]
  /** Begins where no earlier process with this database has been. */
  #generation = Date.now()

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
    this.#writer = new ArrivalWriter(database, {
      tally: this.#tally,
      transactions: this.#transactions,
      memberTypes: this.memberTypes,
      eviction: this.#eviction,
    })
    this.#findBatch = database.prepare(`SELECT ${BATCH_COLUMNS} FROM batches WHERE id = ?`)
    this.#findRequest = database.prepare(`SELECT ${REQUEST_COLUMNS} FROM requests WHERE id = ?`)
    this.#oldest = database.prepare('SELECT min(id) AS id FROM events')
    this.#memory = [this.#tally, this.#transactions, this.#eviction, this.memberTypes, this.#writer]
  }

  /** Ids ascend by arrival and are never used twice while the mock runs. */
  get lastEventId(): number {
    return this.#writer.lastEventId
  }

  /** Another one whenever something was cleared, or the mock restarted: who was not told then may hold what is gone. */
  get generation(): number {
    return this.#generation
  }

  /** Null while no event is held. */
  get oldestEventId(): number | null {
    return this.#oldest.get()!['id'] as number | null
  }

  /** Records a request, and what came with it, in one transaction. Returns what was stored. */
  record(request: ArrivedRequest, batch?: ArrivedBatch): Stored {
    const stored = inTransaction(this.database, this.#memory, () => {
      const written = this.#writer.write(request, batch)
      this.#eviction.run()
      this.#tally.save()
      return written
    })
    // Listeners are notified after the transaction, and cannot undo it.
    this.#notify(
      stored.batch ? { batch: stored.batch, events: stored.events } : { request: stored.request },
    )
    return stored
  }

  /** Notes how long a request really took, when a fault held its answer back. */
  finishRequest(id: number, durationMs: number): void {
    if (
      this.#note(() =>
        this.#run('UPDATE requests SET duration_ms = ? WHERE id = ?', durationMs, id),
      )
    )
      this.#notifyOfRequest(id)
  }

  /** Keeps what was read of a body that was refused. */
  keepBody(id: number, start: BodyStart): void {
    const keep = () => {
      this.#writer.keepBody(id, start)
      this.#eviction.run()
    }
    if (this.#note(() => inTransaction(this.database, this.#memory, keep)))
      this.#notifyOfRequest(id)
  }

  #notifyOfRequest(id: number): void {
    const row = this.#findRequest.get(id)
    if (row) this.#notify({ request: requestSummary(row) })
  }

  /** Notes what another collector answered to a batch. */
  noteForwarded(batchId: number, forwarded: BatchSummary['forwarded']): void {
    const noted = JSON.stringify(forwarded)
    if (
      !this.#note(() => this.#run('UPDATE batches SET forwarded = ? WHERE id = ?', noted, batchId))
    )
      return
    const row = this.#findBatch.get(batchId)
    if (row) this.#notify({ batch: batchSummary(row) })
  }

  /** Adds a later result to a stored row; when the database fails, only that result is lost. */
  #note(write: () => void): boolean {
    if (!this.database.isOpen) return false
    try {
      write()
      return true
    } catch (error) {
      process.emitWarning(asStorageError(error) as Error)
      return false
    }
  }

  #run(sql: string, value: string | number, id: number): void {
    this.database.prepare(sql).run(value, id)
  }

  /** Forgets the events, batches, requests and counts of one application, or of all. */
  clear(applicationId: string | null): void {
    this.#eviction.clear(applicationId)
    this.memberTypes.clear(applicationId)
    this.#generation++
    this.#notify({ reset: { applicationId, generation: this.#generation } })
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
