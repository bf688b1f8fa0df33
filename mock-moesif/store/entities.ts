import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Entity, EntityKind } from '../model/entity.ts'
import { parseExactly } from '../model/exact-json.ts'
import { inTransaction } from './in-transaction.ts'
import { merge } from './merge-patch.ts'

const KEYS: Record<EntityKind, string | null> = {
  users: 'user_id',
  companies: 'company_id',
  subscriptions: 'subscription_id',
  actions: null,
}
/** Users, companies and subscriptions, each merged into what is known of it, and actions, one after the other. */
export class Entities {
  readonly #database: DatabaseSync
  readonly #maxBytes: number
  readonly #find: StatementSync
  readonly #insert: StatementSync
  readonly #oldest: StatementSync
  readonly #byId: StatementSync
  #bytes: number

  /** @param maxBytes of documents to hold; the oldest go first */
  constructor(database: DatabaseSync, maxBytes: number) {
    this.#database = database
    this.#maxBytes = maxBytes
    this.#bytes = this.#measure()
    this.#find = database.prepare(
      'SELECT document FROM entities WHERE app = ? AND kind = ? AND key = ?',
    )
    this.#insert = database.prepare(
      'INSERT OR REPLACE INTO entities (app, kind, key, received_at, document) VALUES (?, ?, ?, ?, ?)',
    )
    this.#oldest = database.prepare(
      'SELECT id, length(document) AS bytes FROM entities ORDER BY id',
    )
    this.#byId = database.prepare('SELECT * FROM entities WHERE id = ?')
  }

  /** Takes all documents, which must have been checked. */
  add(applicationId: string, kind: EntityKind, documents: unknown[]): void {
    const before = this.#bytes
    const memory = { keep() {}, undo: () => (this.#bytes = before) }
    inTransaction(this.#database, [memory], () => {
      for (const document of documents) this.#upsert(applicationId, kind, document)
      if (this.#bytes > this.#maxBytes) this.#evict()
    })
  }

  #upsert(applicationId: string, kind: EntityKind, document: unknown): void {
    const keyName = KEYS[kind]
    const key = keyName === null ? null : String((document as Record<string, unknown>)[keyName])
    const known = key === null ? undefined : this.#find.get(applicationId, kind, key)
    const merged = known ? merge(parseExactly(known['document'] as string), document) : document
    const text = JSON.stringify(merged)
    this.#bytes += text.length
    this.#insert.run(applicationId, kind, key, Date.now(), text)
  }

  /** Replaced documents are subtracted now, by measuring again. */
  #evict(): void {
    this.#bytes = this.#measure()
    if (this.#bytes <= this.#maxBytes) return
    let last = 0
    for (const row of this.#oldest.iterate()) {
      if (this.#bytes <= this.#maxBytes / 2) break
      last = row['id'] as number
      this.#bytes -= row['bytes'] as number
    }
    this.#database.prepare('DELETE FROM entities WHERE id <= ?').run(last)
  }

  #measure(): number {
    return this.#database.prepare('SELECT total(length(document)) AS n FROM entities').get()![
      'n'
    ] as number
  }

  /** The newest first, each as the JSON of an `Entity`: sixty megabytes of them never stand in memory as objects. */
  *list(applicationId: string | undefined, kind: EntityKind | undefined): Generator<string> {
    const ids = this.#database
      .prepare(
        `SELECT id FROM entities WHERE (?1 IS NULL OR app = ?1) AND (?2 IS NULL OR kind = ?2)
         ORDER BY id DESC LIMIT 1000`,
      )
      .all(applicationId ?? null, kind ?? null)
    for (const { id } of ids) {
      const row = this.#byId.get(id as number)
      if (!row) continue
      const head: Omit<Entity, 'document'> = {
        id: row['id'] as number,
        applicationId: row['app'] as string,
        kind: row['kind'] as EntityKind,
        receivedAt: row['received_at'] as number,
      }
      yield `${JSON.stringify(head).slice(0, -1)},"document":${row['document'] as string}}`
    }
  }
}
