import type { DatabaseSync } from 'node:sqlite'
import type { BatchSummary, BodyStart, RequestAnswer, RequestSummary } from '../model/arrival.ts'
import type { Page } from '../model/page.ts'
import type { Paging } from './event-search.ts'
import { BATCH_COLUMNS, batchSummary, REQUEST_COLUMNS, requestSummary } from './rows.ts'

type Row = Record<string, any>

/** A body as it was sent, and how it was encoded. */
export interface EncodedBody extends BodyStart {
  encoding: string | undefined
}

/** Reads batches and requests: by id and by page. */
export class ArrivalSearch {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  batch(id: number): BatchSummary | undefined {
    const row = this.#database.prepare(`SELECT ${BATCH_COLUMNS} FROM batches WHERE id = ?`).get(id)
    return row && batchSummary(row)
  }

  /** The decoded body of a batch, or what came when it could not be decoded. */
  batchBody(id: number): Uint8Array | undefined {
    const row = this.#database.prepare('SELECT body FROM batches WHERE id = ?').get(id)
    return row && ((row['body'] as Uint8Array | null) ?? new Uint8Array())
  }

  /** The body of a batch as it was sent. */
  sentBody(id: number): Uint8Array | undefined {
    const row = this.#database
      .prepare('SELECT ifnull(wire, body) AS sent FROM batches WHERE id = ?')
      .get(id)
    return row && ((row['sent'] as Uint8Array | null) ?? new Uint8Array())
  }

  batches(applicationId: string | undefined, paging: Paging): Page<BatchSummary> {
    return this.#page('batches', BATCH_COLUMNS, applicationId, paging, batchSummary)
  }

  request(id: number): RequestSummary | undefined {
    const row = this.#database
      .prepare(`SELECT ${REQUEST_COLUMNS} FROM requests WHERE id = ?`)
      .get(id)
    return row && requestSummary(row)
  }

  /** What is kept of the answer to a request. */
  answered(id: number): RequestAnswer | null {
    const row = this.#database.prepare('SELECT answered FROM requests WHERE id = ?').get(id)
    return row?.['answered'] ? (JSON.parse(row['answered'] as string) as RequestAnswer) : null
  }

  /** What is kept of a body that was refused, and how it was encoded. */
  refusedBody(id: number): EncodedBody | undefined {
    const row = this.#database
      .prepare('SELECT body, body_kept, headers FROM requests WHERE id = ?')
      .get(id)
    if (!row?.['body']) return undefined
    const headers = JSON.parse(row['headers'] as string) as Record<string, string>
    return {
      bytes: row['body'] as Uint8Array,
      encoding: headers['content-encoding'],
      isWhole: row['body_kept'] === 'whole',
    }
  }

  requests(applicationId: string | undefined, paging: Paging): Page<RequestSummary> {
    return this.#page('requests', REQUEST_COLUMNS, applicationId, paging, requestSummary)
  }

  #page<T extends { id: number }>(
    table: string,
    columns: string,
    applicationId: string | undefined,
    paging: Paging,
    read: (row: Row) => T,
  ): Page<T> {
    const app = applicationId === undefined ? '1 = 1' : 'app = ?'
    const params = applicationId === undefined ? [] : [applicationId]
    const total = this.#database
      .prepare(`SELECT count(*) AS n FROM ${table} WHERE ${app}`)
      .get(...params)!['n'] as number
    const oldestFirst = paging.after !== undefined
    const cursor = oldestFirst ? paging.after! : (paging.before ?? Number.MAX_SAFE_INTEGER)
    const rows = this.#database
      .prepare(
        `SELECT ${columns} FROM ${table} WHERE ${app} AND id ${oldestFirst ? '>' : '<'} ?
         ORDER BY id ${oldestFirst ? '' : 'DESC'} LIMIT ?`,
      )
      .all(...params, cursor, paging.limit + 1)
    const items = rows.slice(0, paging.limit).map(read)
    return { items, total, next: rows.length > paging.limit ? (items.at(-1)?.id ?? null) : null }
  }
}
