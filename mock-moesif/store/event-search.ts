import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { matches, needsEvent, type Group } from '../query/index.ts'
import { toSql, type SqlFilter } from '../query/to-sql.ts'
import type { EventRecord, EventSummary } from '../model/event.ts'
import type { Page } from '../model/page.ts'
import { EVENT_COLUMNS, eventSummary, findingsOf } from './rows.ts'

export interface EventSelection {
  applicationId?: string | undefined
  /** Parsed query; without, everything. */
  query?: Group | undefined
}

export interface Paging {
  limit: number
  /** Ids below, newest first. */
  before?: number | undefined
  /** Ids above, oldest first. */
  after?: number | undefined
  /** Leaves out the total, and with it the walk through all that is not on the page. */
  uncounted?: boolean | undefined
}

type Row = Record<string, any>
const EVERYTHING: Group = { type: 'and', children: [], start: 0, end: 0 }
/** Ids looked at in one go: a millisecond or two. */
const SLICE = 2000

/** Reads events: by id, by page, and all that match a query, without holding up the collector for long. */
export class EventSearch {
  readonly #database: DatabaseSync
  readonly #byId: StatementSync
  readonly #json: StatementSync

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#byId = database.prepare(`SELECT ${EVENT_COLUMNS} FROM events WHERE id = ?`)
    this.#json = database.prepare('SELECT substr(body, ?, ?) AS json FROM batches WHERE id = ?')
  }

  get(id: number): EventRecord | undefined {
    const row = this.#byId.get(id)
    return row && this.#record(row)
  }

  /** The event's JSON as it was received. */
  raw(id: number): Uint8Array | undefined {
    const row = this.#byId.get(id)
    return row && this.#bytes(row)
  }

  async page(selection: EventSelection, paging: Paging): Promise<Page<EventSummary>> {
    const filter = toSql(selection.query ?? EVERYTHING, Date.now())
    if (filter.exact) return this.#indexedPage(selection.applicationId, filter, paging)

    const oldestFirst = paging.after !== undefined
    const above = paging.after ?? 0
    const below = (!oldestFirst && paging.before) || Number.MAX_SAFE_INTEGER
    const range = paging.uncounted ? { above, below } : {}
    const items: EventSummary[] = []
    let total = 0
    let more = false
    for await (const { row } of this.#scan(selection, oldestFirst, range)) {
      total++
      if (row['id'] <= above || row['id'] >= below) continue
      if (items.length < paging.limit) items.push(eventSummary(row))
      else more = true
      if (more && paging.uncounted) break
    }
    const next = more ? (items.at(-1)?.id ?? null) : null
    return { items, total: paging.uncounted ? null : total, next }
  }

  /** A page that the columns alone can answer. */
  #indexedPage(
    applicationId: string | undefined,
    filter: SqlFilter,
    paging: Paging,
  ): Page<EventSummary> {
    const app = applicationId === undefined ? '' : 'app = ? AND '
    const params = [...(applicationId === undefined ? [] : [applicationId]), ...filter.params]
    const oldestFirst = paging.after !== undefined
    const cursor = oldestFirst ? paging.after! : (paging.before ?? Number.MAX_SAFE_INTEGER)
    const rows = this.#database
      .prepare(
        `SELECT ${EVENT_COLUMNS} FROM events WHERE ${app}${filter.where} AND id ${oldestFirst ? '>' : '<'} ?
         ORDER BY id ${oldestFirst ? '' : 'DESC'} LIMIT ?`,
      )
      .all(...params, cursor, paging.limit + 1)
    const items = rows.slice(0, paging.limit).map(eventSummary)
    const next = rows.length > paging.limit ? (items.at(-1)?.id ?? null) : null
    return { items, total: paging.uncounted ? null : this.#countRows(app, filter, params), next }
  }

  #countRows(app: string, filter: SqlFilter, params: (string | number)[]): number {
    return this.#database
      .prepare(`SELECT count(*) AS n FROM events WHERE ${app}${filter.where}`)
      .get(...params)!['n'] as number
  }

  async count(selection: EventSelection): Promise<number> {
    const filter = toSql(selection.query ?? EVERYTHING, Date.now())
    if (filter.exact) {
      const { applicationId } = selection
      const app = applicationId === undefined ? '' : 'app = ? AND '
      const params = [...(applicationId === undefined ? [] : [applicationId]), ...filter.params]
      return this.#countRows(app, filter, params)
    }
    let count = 0
    for await (const _ of this.#scan(selection, true)) count++
    return count
  }

  /** All that match, oldest first, with their events. */
  async *records(selection: EventSelection): AsyncGenerator<EventRecord> {
    for await (const { row, record = this.#record(row) } of this.#scan(selection, true))
      if (record) yield record
  }

  /** The ids of all that match, oldest first. */
  async *ids(selection: EventSelection): AsyncGenerator<number> {
    for await (const { row } of this.#scan(selection, true)) yield row['id'] as number
  }

  /** The newest `limit` events, whatever a query says of them. */
  newest(applicationId: string | undefined, limit: number): EventRecord[] {
    const where = applicationId === undefined ? '' : 'WHERE app = ?'
    const params = applicationId === undefined ? [limit] : [applicationId, limit]
    return this.#database
      .prepare(`SELECT ${EVENT_COLUMNS} FROM events ${where} ORDER BY id DESC LIMIT ?`)
      .all(...params)
      .flatMap((row) => this.#record(row) ?? [])
  }

  /**
   * What a reader that has everything up to `lastEventId` has missed: the newest `limit` rows, oldest first.
   * `skipped` are those before them, and those that the bound has dropped meanwhile.
   */
  missed(
    lastEventId: number,
    applicationId: string | undefined,
    limit: number,
  ): { skipped: number; total: number; rows: EventSummary[] } {
    const app = applicationId === undefined ? '' : 'AND app = ?'
    const params = applicationId === undefined ? [lastEventId] : [lastEventId, applicationId]
    const total = this.#database
      .prepare(`SELECT count(*) AS n FROM events WHERE id > ? ${app}`)
      .get(...params)!['n'] as number
    const rows = this.#database
      .prepare(`SELECT ${EVENT_COLUMNS} FROM events WHERE id > ? ${app} ORDER BY id DESC LIMIT ?`)
      .all(...params, limit)
      .map(eventSummary)
      .reverse()
    const dropped =
      applicationId === undefined && lastEventId > 0
        ? (this.#database
            .prepare('SELECT max(0, min(id) - 1 - ?) AS n FROM events')
            .get(lastEventId)!['n'] as number | null)
        : 0
    return { skipped: total - rows.length + (dropped ?? 0), total, rows }
  }

  /** Goes through the rows in slices, letting others in between: a scan of everything must not hold up the collector. */
  async *#scan(
    selection: EventSelection,
    ascending: boolean,
    range: { above?: number; below?: number } = {},
  ): AsyncGenerator<{ row: Row; record?: EventRecord }> {
    const now = Date.now()
    const query = selection.query ?? EVERYTHING
    const filter = toSql(query, now)
    const deep = !filter.exact && needsEvent(query)
    const app = selection.applicationId === undefined ? '' : 'AND app = ?'
    const params = selection.applicationId === undefined ? [] : [selection.applicationId]
    const statement = this.#database.prepare(
      `SELECT ${EVENT_COLUMNS} FROM events WHERE id >= ? AND id < ? ${app} AND ${filter.where}
       ORDER BY id ${ascending ? '' : 'DESC'}`,
    )
    for (const [from, to] of this.#slices(ascending, range)) {
      for (const row of statement.all(from, to, ...params, ...filter.params)) {
        if (filter.exact) {
          yield { row }
          continue
        }
        const subject = deep ? this.#record(row) : eventSummary(row)
        if (subject && matches(query, subject, now))
          yield deep ? { row, record: subject as EventRecord } : { row }
      }
      await yieldToOthers()
    }
  }

  /** Ranges of ids that hold all rows there are now, or those of a range; the end excluded. */
  #slices(
    ascending: boolean,
    { above = 0, below = Number.MAX_SAFE_INTEGER }: { above?: number; below?: number },
  ): [from: number, to: number][] {
    const { first, last } = this.#database
      .prepare('SELECT (SELECT min(id) FROM events) AS first, (SELECT max(id) FROM events) AS last')
      .get() as { first: number | null; last: number | null }
    if (first === null || last === null) return []
    const slices: [number, number][] = []
    const end = Math.min(last + 1, below)
    for (let from = Math.max(first, above + 1); from < end; from += SLICE)
      slices.push([from, Math.min(from + SLICE, end)])
    return ascending ? slices : slices.reverse()
  }

  /** Undefined when the event was dropped after its row was read: a slow reader of a long export sees that. */
  #record(row: Row): EventRecord | undefined {
    const bytes = this.#bytes(row)
    if (!bytes) return undefined
    return {
      ...eventSummary(row),
      event: JSON.parse(Buffer.from(bytes).toString()),
      findings: findingsOf(row),
    }
  }

  #bytes(row: Row): Uint8Array | undefined {
    const found = this.#json.get(row['body_offset'] + 1, row['size'], row['batch_id'])
    return found?.['json'] as Uint8Array | undefined
  }
}
