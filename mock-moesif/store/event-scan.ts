import type { DatabaseSync } from 'node:sqlite'
import { parseExactly } from '../model/exact-json.ts'
import { evaluation, needsEvent, type Group } from '../query/index.ts'
import type { Subject } from '../query/subject.ts'
import { toSql, type SqlFilter } from '../query/to-sql.ts'
import { elapsed } from '../model/real-timers.ts'
import type { EventBytes } from './event-bytes.ts'
import { TURN_MS, type ReadingTurns } from './reading-turns.ts'
import { EVENT_COLUMNS, eventSummary } from './rows.ts'

export interface EventSelection {
  applicationId?: string | undefined
  /** Parsed query; without, everything. */
  query?: Group | undefined
}

export interface ScanRange {
  ascending?: boolean
  /** Only ids above it. */
  above?: number
  /** Only ids below it. */
  below?: number
  /** Reads the event of each row, whether the query looks into it or not. */
  withEvent?: boolean
  /** Ends the scan with its client. */
  signal?: AbortSignal | undefined
}

export type Row = Record<string, any>

/** A row that was found, and its event when the query had to look into it. */
export interface Found {
  row: Row
  event?: unknown
  /** The event's JSON, when it was read. */
  json?: Uint8Array
}

export const EVERYTHING: Group = { type: 'and', children: [], start: 0, end: 0 }
/** Ids of the first slice; the next are as long as their time allows. */
const FIRST_SLICE = 500
const MAX_SLICE = 20_000

/** Goes through the matching rows in slices, and yields to other readers in between. */
export class EventScan {
  readonly #database: DatabaseSync
  readonly #bytes: EventBytes
  readonly #turns: ReadingTurns

  constructor(database: DatabaseSync, bytes: EventBytes, turns: ReadingTurns) {
    this.#database = database
    this.#bytes = bytes
    this.#turns = turns
  }

  async *find(selection: EventSelection, range: ScanRange = {}): AsyncGenerator<Found> {
    const now = Date.now()
    const query = selection.query ?? EVERYTHING
    const filter = toSql(query, now)
    const deep = range.withEvent === true || (!filter.exact && needsEvent(query))
    const app = selection.applicationId === undefined ? '' : 'AND app = ?'
    const params = selection.applicationId === undefined ? [] : [selection.applicationId]
    const statement = this.#database.prepare(
      `SELECT ${EVENT_COLUMNS} FROM events WHERE id >= ? AND id < ? ${app} AND ${filter.where}
       ORDER BY id ${range.ascending ? '' : 'DESC'}`,
    )
    const slices = new Slices(this.#database, range)
    for (let slice = slices.next(0); slice; slice = slices.next(elapsed())) {
      await this.#turns.take(range.signal)
      let started = slices.start()
      for (const row of statement.all(...slice, ...params, ...filter.params)) {
        const found =
          filter.exact && !deep ? { row } : await this.#meets(row, query, deep, now, range.signal)
        if (found) yield found
        // What was read, and what the consumer made of it.
        if (elapsed() - started > TURN_MS) {
          await this.#turns.take(range.signal)
          started = elapsed()
        }
      }
    }
  }

  /** How many match. */
  async count(selection: EventSelection, range: ScanRange = {}): Promise<number> {
    const filter = toSql(selection.query ?? EVERYTHING, Date.now())
    let count = 0
    if (!filter.exact) {
      for await (const _ of this.find(selection, range)) count++
      return count
    }
    await this.inSlices('count(*)', selection.applicationId, filter, range, ([row]) => {
      count += row![0] as number
      return true
    })
    return count
  }

  /** Runs a query over all rows in slices, the newest first; `take` gets what each gives, and says whether to go on. */
  async inSlices(
    columns: string,
    applicationId: string | undefined,
    filter: SqlFilter,
    range: ScanRange,
    take: (rows: unknown[][]) => boolean,
  ): Promise<void> {
    const app = applicationId === undefined ? '' : 'AND app = ?'
    const params = applicationId === undefined ? [] : [applicationId]
    const statement = this.#database.prepare(
      `SELECT ${columns} FROM events WHERE id >= ? AND id < ? ${app} AND ${filter.where}`,
    )
    statement.setReturnArrays(true)
    const slices = new Slices(this.#database, range)
    for (let slice = slices.next(0); slice; slice = slices.next(elapsed())) {
      await this.#turns.take(range.signal)
      slices.start()
      const rows = statement.all(...slice, ...params, ...filter.params)
      if (!take(rows as unknown as unknown[][])) return
    }
  }

  async #meets(
    row: Row,
    query: Group,
    deep: boolean,
    now: number,
    signal: AbortSignal | undefined,
  ): Promise<Found | undefined> {
    const summary = eventSummary(row)
    const meets = (subject: Subject) => this.#turns.through(evaluation(query, subject, now), signal)
    if (!deep) return (await meets(summary)) ? { row } : undefined
    const json = this.#bytes.of(row)
    if (!json) return undefined
    const event = parseExactly(Buffer.from(json).toString())
    return (await meets({ ...summary, event })) ? { row, event, json } : undefined
  }
}

/** Ranges of ids, the end excluded, that hold all rows there are now: as long as a turn allows. */
class Slices {
  readonly #ascending: boolean
  #from: number
  #to: number
  #length = FIRST_SLICE
  #started = 0

  constructor(
    database: DatabaseSync,
    { ascending = false, above = 0, below = Infinity }: ScanRange,
  ) {
    const { first, last } = database
      .prepare('SELECT (SELECT min(id) FROM events) AS first, (SELECT max(id) FROM events) AS last')
      .get() as { first: number | null; last: number | null }
    this.#ascending = ascending
    this.#from = Math.max(first ?? 1, above + 1)
    this.#to = Math.min((last ?? 0) + 1, below)
  }

  /** Notes when the work on a slice begins. */
  start(): number {
    return (this.#started = elapsed())
  }

  next(now: number): [from: number, to: number] | undefined {
    if (this.#from >= this.#to) return undefined
    if (now > 0) this.#adapt(now - this.#started)
    if (this.#ascending) {
      const from = this.#from
      this.#from = Math.min(from + this.#length, this.#to)
      return [from, this.#from]
    }
    const to = this.#to
    this.#to = Math.max(to - this.#length, this.#from)
    return [this.#to, to]
  }

  /** @note What a consumer does between two rows counts, too: a slow one gets short slices, which is harmless. */
  #adapt(tookMs: number): void {
    if (tookMs > TURN_MS) this.#length = Math.max(100, this.#length >> 1)
    else if (tookMs < TURN_MS / 2) this.#length = Math.min(MAX_SLICE, this.#length * 2)
  }
}
