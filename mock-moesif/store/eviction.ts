import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { inTransaction, type Undoable } from './in-transaction.ts'
import type { Tally } from './tally.ts'
import type { Transactions } from './transactions.ts'

/** Batches, refused ones included, are kept at least this many, however few events are allowed. */
const MIN_BATCHES = 1000
/** Requests carry headers, which no bound of bytes counts. */
const MAX_REQUESTS = 20_000

/** What was answered to refused requests, and the bodies of those that brought no batch, may have this part of the bytes: 1 / 8. */
const REFUSED_PART = 8

const IS_REFUSED = 'body IS NOT NULL OR answered IS NOT NULL'
const REFUSED_BYTES = 'ifnull(length(body), 0) + ifnull(octet_length(answered), 0)'

interface Held {
  events: number
  batches: number
  requests: number
  /** Of batch bodies, decoded and as sent, refused ones included. */
  bytes: number
  /** Bytes of bodies that were refused and are no batch, and of answers. */
  refused: number
}

/** Keeps the store within its bounds: the oldest events are removed, a batch with its last event. */
export class Eviction implements Undoable {
  readonly #database: DatabaseSync
  readonly #tally: Tally
  readonly #transactions: Transactions
  readonly #maxEvents: number
  readonly #maxBytes: number
  readonly #maxBatches: number
  readonly #held: Held
  /** As it was before the transaction that runs. */
  readonly #before: Held
  readonly #oldestBatch: StatementSync
  readonly #oldestEvents: StatementSync
  readonly #eventsUpTo: StatementSync
  readonly #deleteEvents: StatementSync
  readonly #deleteBatch: StatementSync
  readonly #deleteRefused: StatementSync
  readonly #oldestRequests: StatementSync
  readonly #deleteRequests: StatementSync
  readonly #oldestRefused: StatementSync
  readonly #dropRefused: StatementSync

  constructor(
    database: DatabaseSync,
    tally: Tally,
    transactions: Transactions,
    maxEvents: number,
    maxBytes: number,
  ) {
    this.#database = database
    this.#tally = tally
    this.#transactions = transactions
    this.#maxEvents = maxEvents
    this.#maxBytes = maxBytes
    this.#maxBatches = Math.max(maxEvents, MIN_BATCHES)
    this.#held = this.#measure()
    this.#before = { ...this.#held }
    this.#oldestBatch = database.prepare(
      'SELECT id, last_event_id, length(body) + ifnull(length(wire), 0) AS bytes FROM batches ORDER BY id LIMIT 1',
    )
    this.#oldestEvents = database.prepare('SELECT id FROM events ORDER BY id LIMIT 1 OFFSET ?')
    this.#eventsUpTo = database.prepare(
      'SELECT id, app, size, transaction_id FROM events WHERE id <= ?',
    )
    this.#deleteEvents = database.prepare('DELETE FROM events WHERE id <= ?')
    this.#deleteBatch = database.prepare('DELETE FROM batches WHERE id = ?')
    this.#deleteRefused = database.prepare('DELETE FROM refused_transactions WHERE batch_id = ?')
    this.#oldestRequests = database.prepare('SELECT id FROM requests ORDER BY id LIMIT 1 OFFSET ?')
    this.#deleteRequests = database.prepare('DELETE FROM requests WHERE id <= ?')
    this.#oldestRefused = database.prepare(
      `SELECT id, ${REFUSED_BYTES} AS bytes FROM requests WHERE ${IS_REFUSED} ORDER BY id LIMIT 1`,
    )
    this.#dropRefused = database.prepare(
      `UPDATE requests SET body_kept = iif(body IS NULL, body_kept, 'dropped'), body = NULL, answered = NULL WHERE id = ?`,
    )
  }

  added(rows: Partial<Held>): void {
    for (const key of Object.keys(rows) as (keyof Held)[]) this.#held[key] += rows[key] ?? 0
  }

  /** Must run inside the transaction that added. */
  run(): void {
    const held = this.#held
    if (held.events > this.#maxEvents) {
      const last = this.#oldestEvents.get(held.events - this.#maxEvents - 1)!['id'] as number
      this.#evictEvents(last)
      this.#dropEmptyBatches()
    }
    // They take no more than a part, and a flood of them removes no batch that would fit into the rest.
    while (held.refused > this.#maxBytes / REFUSED_PART) this.#dropOldestRefused()
    while (held.bytes + held.refused > this.#maxBytes && held.batches > 1) this.#evictOldestBatch()
    while (held.batches > this.#maxBatches) this.#evictOldestBatch()
    if (held.requests > MAX_REQUESTS) this.#deleteOldestRequests(held.requests - MAX_REQUESTS)
  }

  #deleteOldestRequests(count: number): void {
    const last = this.#oldestRequests.get(count - 1)!['id'] as number
    for (;;) {
      const refused = this.#oldestRefused.get()
      if (!refused || (refused['id'] as number) > last) break
      this.#dropOldestRefused()
    }
    this.#held.requests -= Number(this.#deleteRequests.run(last).changes)
  }

  #dropOldestRefused(): void {
    const { id, bytes } = this.#oldestRefused.get() as { id: number; bytes: number }
    this.#dropRefused.run(id)
    this.#held.refused -= bytes
  }

  #evictEvents(lastId: number): void {
    for (const row of this.#eventsUpTo.iterate(lastId)) {
      const app = row['app'] as string
      const counts = this.#tally.change(app)
      counts.events--
      counts.bytes -= row['size'] as number
      counts.evicted++
      const transactionId = row['transaction_id'] as string | null
      if (transactionId !== null) this.#transactions.forget(app, transactionId, row['id'] as number)
    }
    this.#held.events -= Number(this.#deleteEvents.run(lastId).changes)
  }

  /** Batches ascend as their events do, so the empty ones are the oldest. */
  #dropEmptyBatches(): void {
    const oldest = this.#oldestEvents.get(0)?.['id'] as number | undefined
    for (;;) {
      const batch = this.#oldestBatch.get()
      if (!batch || oldest === undefined) return
      if (((batch['last_event_id'] as number | null) ?? 0) >= oldest) return
      this.#deleteBatchRow(batch)
    }
  }

  #evictOldestBatch(): void {
    const batch = this.#oldestBatch.get()
    if (!batch) return
    if (batch['last_event_id'] !== null) this.#evictEvents(batch['last_event_id'] as number)
    this.#deleteBatchRow(batch)
  }

  #deleteBatchRow(batch: Record<string, unknown>): void {
    this.#deleteBatch.run(batch['id'] as number)
    if (batch['last_event_id'] === null) this.#deleteRefused.run(batch['id'] as number)
    this.#held.batches--
    this.#held.bytes -= (batch['bytes'] as number | null) ?? 0
  }

  keep(): void {
    Object.assign(this.#before, this.#held)
  }

  undo(): void {
    Object.assign(this.#held, this.#before)
  }

  /** Deletes everything of one application, or of all, including counts. */
  clear(app: string | null): void {
    inTransaction(this.#database, [this.#tally, this], () => {
      for (const table of [
        'events',
        'batches',
        'requests',
        'refused_transactions',
        'entities',
        'member_types',
        'type_changes',
      ]) {
        if (app === null) this.#database.exec(`DELETE FROM ${table}`)
        else this.#database.prepare(`DELETE FROM ${table} WHERE app = ?`).run(app)
      }
      for (const id of app === null ? ['', ...this.#tally.applications()] : [app])
        this.#tally.forget(id)
      this.#tally.save()
      Object.assign(this.#held, this.#measure())
    })
    this.#transactions.clear(app)
  }

  #measure(): Held {
    const count = (table: string) =>
      this.#database.prepare(`SELECT count(*) AS n FROM ${table}`).get()!['n'] as number
    return {
      events: count('events'),
      batches: count('batches'),
      requests: count('requests'),
      bytes: this.#database
        .prepare('SELECT total(length(body) + ifnull(length(wire), 0)) AS n FROM batches')
        .get()!['n'] as number,
      refused: this.#database
        .prepare(`SELECT total(${REFUSED_BYTES}) AS n FROM requests WHERE ${IS_REFUSED}`)
        .get()!['n'] as number,
    }
  }
}
