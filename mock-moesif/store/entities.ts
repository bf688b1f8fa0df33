import type { DatabaseSync } from 'node:sqlite'
import type { Entity, EntityKind } from '../model/entity.ts'
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
  #bytes: number

  /** @param maxBytes of documents to hold; the oldest go first */
  constructor(database: DatabaseSync, maxBytes: number) {
    this.#database = database
    this.#maxBytes = maxBytes
    this.#bytes = this.#measure()
  }

  /** Takes all documents, which must have been checked. */
  add(applicationId: string, kind: EntityKind, documents: unknown[]): void {
    this.#database.exec('BEGIN')
    try {
      for (const document of documents) this.#upsert(applicationId, kind, document)
      if (this.#bytes > this.#maxBytes) this.#evict()
      this.#database.exec('COMMIT')
    } catch (error) {
      this.#database.exec('ROLLBACK')
      throw error
    }
  }

  #upsert(applicationId: string, kind: EntityKind, document: unknown): void {
    const keyName = KEYS[kind]
    const key = keyName === null ? null : String((document as Record<string, unknown>)[keyName])
    const known =
      key === null
        ? undefined
        : this.#database
            .prepare('SELECT document FROM entities WHERE app = ? AND kind = ? AND key = ?')
            .get(applicationId, kind, key)
    const merged = known ? merge(JSON.parse(known['document'] as string), document) : document
    const text = JSON.stringify(merged)
    this.#bytes += text.length
    this.#database
      .prepare(
        'INSERT OR REPLACE INTO entities (app, kind, key, received_at, document) VALUES (?, ?, ?, ?, ?)',
      )
      .run(applicationId, kind, key, Date.now(), text)
  }

  /** What was replaced is only now taken off the count: it is measured again. */
  #evict(): void {
    this.#bytes = this.#measure()
    if (this.#bytes <= this.#maxBytes) return
    const oldest = this.#database
      .prepare('SELECT id, length(document) AS bytes FROM entities ORDER BY id')
      .all()
    for (const row of oldest) {
      if (this.#bytes <= this.#maxBytes / 2) break
      this.#database.prepare('DELETE FROM entities WHERE id = ?').run(row['id'] as number)
      this.#bytes -= row['bytes'] as number
    }
  }

  #measure(): number {
    return this.#database.prepare('SELECT total(length(document)) AS n FROM entities').get()![
      'n'
    ] as number
  }

  list(applicationId: string | undefined, kind: EntityKind | undefined): Entity[] {
    return this.#database
      .prepare(
        'SELECT * FROM entities WHERE (?1 IS NULL OR app = ?1) AND (?2 IS NULL OR kind = ?2) ORDER BY id DESC LIMIT 1000',
      )
      .all(applicationId ?? null, kind ?? null)
      .map((row) => ({
        id: row['id'] as number,
        applicationId: row['app'] as string,
        kind: row['kind'] as EntityKind,
        receivedAt: row['received_at'] as number,
        document: JSON.parse(row['document'] as string) as unknown,
      }))
  }
}
