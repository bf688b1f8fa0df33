import { createHash } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { EVERYONE } from '../model/application.ts'
import type { DocumentKind } from '../model/documents.ts'
import { merge } from './merge-patch.ts'

const defaults: Record<DocumentKind, unknown> = {
  config: {
    org_id: '1:1',
    app_id: '1:1',
    sample_rate: 100,
    block_bot_traffic: false,
    user_sample_rate: {},
    company_sample_rate: {},
    user_rules: {},
    company_rules: {},
    ip_addresses_blocked_by_name: {},
    regex_config: [],
    billing_config_jsons: {},
  },
  rules: [],
}

/** Of the documents of all applications. */
const MAX_BYTES = 64 * 1024 * 1024

/** The config and rules documents, by application. Their tags are hashes: a change of content is a change of tag. */
export class Documents {
  readonly #get: StatementSync
  readonly #put: StatementSync
  readonly #delete: StatementSync
  readonly #bytesOfOthers: StatementSync
  readonly #tags = new Map<string, string>()

  constructor(database: DatabaseSync) {
    this.#get = database.prepare('SELECT body FROM documents WHERE app = ? AND kind = ?')
    this.#put = database.prepare(
      'INSERT OR REPLACE INTO documents (app, kind, body) VALUES (?, ?, ?)',
    )
    this.#bytesOfOthers = database.prepare(
      'SELECT coalesce(sum(octet_length(body)), 0) AS bytes FROM documents WHERE NOT (app = ? AND kind = ?)',
    )
    this.#delete = database.prepare('DELETE FROM documents WHERE app = ?')
  }

  /** The JSON an application is served. */
  text(applicationId: string, kind: DocumentKind): string {
    const row = this.#get.get(applicationId, kind) ?? this.#get.get(EVERYONE, kind)
    return row ? (row['body'] as string) : JSON.stringify(defaults[kind])
  }

  tag(applicationId: string, kind: DocumentKind): string {
    const key = `${kind} ${applicationId}`
    let tag = this.#tags.get(key)
    if (tag === undefined) {
      tag = createHash('sha256').update(this.text(applicationId, kind)).digest('hex').slice(0, 16)
      // Clients choose application ids: the cache must not grow with them.
      if (this.#tags.size > 1000) this.#tags.clear()
      this.#tags.set(key, tag)
    }
    return tag
  }

  /** Whether there was room for it. */
  put(applicationId: string, kind: DocumentKind, document: unknown): boolean {
    const text = JSON.stringify(document)
    const { bytes } = this.#bytesOfOthers.get(applicationId, kind) as { bytes: number }
    if (bytes + text.length > MAX_BYTES) return false
    this.#put.run(applicationId, kind, text)
    this.#tags.clear()
    return true
  }

  /** What a JSON merge patch (RFC 7386) would make of the document: null removes a member. */
  patched(applicationId: string, kind: DocumentKind, patch: unknown): unknown {
    return merge(JSON.parse(this.text(applicationId, kind)), patch)
  }

  /** Removes the application's own document: the common one is served again. */
  reset(applicationId: string): void {
    this.#delete.run(applicationId)
    this.#tags.clear()
  }
}
