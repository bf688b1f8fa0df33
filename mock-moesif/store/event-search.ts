import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { EventRecord, EventSummary } from '../model/event.ts'
import { parseExactly } from '../model/exact-json.ts'
import type { Page } from '../model/page.ts'
import { elapsed } from '../model/real-timers.ts'
import { readKey, type Field } from '../query/index.ts'
import { EventBytes, onOneLine } from './event-bytes.ts'
import { EventScan, type EventSelection, type Row } from './event-scan.ts'
import { ReadingTurns, TURN_MS } from './reading-turns.ts'
import { EVENT_COLUMNS, eventSummary, findingsOf } from './rows.ts'

export interface Paging {
  limit: number
  /** Ids below, newest first. */
  before?: number | undefined
  /** Ids above, oldest first. */
  after?: number | undefined
  /** Leaves out the total, and with it the walk through all that is not on the page. */
  uncounted?: boolean | undefined
}

/** Reads events: by id, by page, and all that match a query, without holding up the collector for long. */
export class EventSearch {
  readonly turns = new ReadingTurns()
  readonly scan: EventScan
  readonly #database: DatabaseSync
  readonly #bytes: EventBytes
  readonly #byId: StatementSync

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#bytes = new EventBytes(database)
    this.scan = new EventScan(database, this.#bytes, this.turns)
    this.#byId = database.prepare(`SELECT ${EVENT_COLUMNS} FROM events WHERE id = ?`)
  }

  summary(id: number): EventSummary | undefined {
    const row = this.#byId.get(id)
    return row && eventSummary(row)
  }

  get(id: number): EventRecord | undefined {
    const row = this.#byId.get(id)
    return row && this.#record(row)
  }

  /** The event's JSON as it was received. */
  raw(id: number): Uint8Array | undefined {
    const row = this.#byId.get(id)
    return row && this.#bytes.of(row)
  }

  /** An `EventRecord` as JSON on one line, with the event as it was received: no number is rounded, no member is dropped. */
  recordText(id: number): string | undefined {
    const row = this.#byId.get(id)
    return row && this.#recordText(row, this.#bytes.of(row))
  }

  async page(
    selection: EventSelection,
    paging: Paging,
    signal?: AbortSignal,
  ): Promise<Page<EventSummary>> {
    const ascending = paging.after !== undefined
    const range = ascending ? { above: paging.after! } : { below: paging.before ?? Infinity }
    const items: EventSummary[] = []
    let more = false
    for await (const { row } of this.scan.find(selection, { ...range, ascending, signal })) {
      more = items.length >= paging.limit
      if (more) break
      items.push(eventSummary(row))
    }
    const next = more ? (items.at(-1)?.id ?? null) : null
    return { items, total: paging.uncounted ? null : await this.count(selection, signal), next }
  }

  async count(selection: EventSelection, signal?: AbortSignal): Promise<number> {
    return this.scan.count(selection, { signal })
  }

  /** All that match, oldest first, with their events, parsed and as they were received. */
  async *records(
    selection: EventSelection,
    signal?: AbortSignal,
  ): AsyncGenerator<{ record: EventRecord; json: Uint8Array }> {
    for await (const { row } of this.scan.find(selection, { ascending: true, signal })) {
      const json = this.#bytes.of(row)
      if (json) yield { record: recordOf(row, json), json }
    }
  }

  /** All that match, oldest first, each as one line of JSON. */
  async *recordTexts(selection: EventSelection, signal?: AbortSignal): AsyncGenerator<string> {
    for await (const { row, json } of this.scan.find(selection, { ascending: true, signal })) {
      const text = this.#recordText(row, json ?? this.#bytes.of(row))
      if (text !== undefined) yield text
    }
  }

  /** The first value of a field in each of these events, null where there is none. */
  async values(
    { field, key }: { field: Field; key: string },
    ids: readonly number[],
    signal?: AbortSignal,
  ): Promise<(string | null)[]> {
    const values: (string | null)[] = []
    let started = -Infinity
    for (const id of ids) {
      if (elapsed() - started > TURN_MS) {
        await this.turns.take(signal)
        started = elapsed()
      }
      const subject = field.deep ? this.get(id) : this.summary(id)
      values.push(subject ? readKey(field, key, subject) : null)
    }
    return values
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

  /** Undefined when the event was dropped after its row was read: a slow reader of a long export sees that. */
  #record(row: Row): EventRecord | undefined {
    const bytes = this.#bytes.of(row)
    return bytes && recordOf(row, bytes)
  }

  #recordText(row: Row, json: Uint8Array | undefined): string | undefined {
    if (!json) return undefined
    const summary = JSON.stringify(eventSummary(row)).slice(0, -1)
    return `${summary},"event":${onOneLine(json)},"findings":${row['findings'] ?? '[]'}}`
  }
}

function recordOf(row: Row, json: Uint8Array): EventRecord {
  return {
    ...eventSummary(row),
    event: parseExactly(Buffer.from(json).toString()),
    findings: findingsOf(row),
  }
}
