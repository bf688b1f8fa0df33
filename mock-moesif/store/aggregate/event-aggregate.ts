import type { Aggregate } from '../../model/aggregate.ts'
import { groupKey, groupKeys, type findField } from '../../query/index.ts'
import { columnOf, toSql, type Column } from '../../query/to-sql.ts'
import { EVERYTHING, type EventScan, type EventSelection } from '../event-scan.ts'
import type { ReadingTurns } from '../reading-turns.ts'
import { eventSummary } from '../rows.ts'
import { Aggregation, type AggregateWanted } from './aggregation.ts'

/** A field of the query language, and what follows its prefix. */
export type GroupField = NonNullable<ReturnType<typeof findField>>

/**
 * Adds up events in groups and over time: from a few columns where these tell what is asked, else from each event. Never holds the
 * loop for long.
 * @note SQLite's own GROUP BY sorts the rows of each slice: with many values that took twice as long as adding up here.
 */
export class EventAggregate {
  readonly #scan: EventScan
  readonly #turns: ReadingTurns

  constructor(scan: EventScan, turns: ReadingTurns) {
    this.#scan = scan
    this.#turns = turns
  }

  async run(
    selection: EventSelection,
    by: GroupField | undefined,
    wanted: AggregateWanted,
    signal: AbortSignal,
  ): Promise<Aggregate> {
    const aggregation = new Aggregation(wanted)
    const column = by ? columnOf(by.field) : { sql: 'NULL' }
    const limit = AbortSignal.timeout(wanted.timeoutMs)
    const ends = AbortSignal.any([signal, limit])
    try {
      if (column !== undefined && toSql(selection.query ?? EVERYTHING, Date.now()).exact)
        await this.#byColumns(selection, column, aggregation, ends)
      else await this.#byEvents(selection, by, aggregation, ends)
    } catch (error) {
      if (signal.aborted || !limit.aborted) throw error
      aggregation.timeIsUp()
    }
    return this.#turns.through(aggregation.result(), signal)
  }

  async #byColumns(
    { applicationId, query }: EventSelection,
    { sql, read = (value) => value }: Column,
    aggregation: Aggregation,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#scan.inSlices(
      `${sql}, coalesce(time, received_at), status, weight, size, duration_ms`,
      applicationId,
      toSql(query ?? EVERYTHING, Date.now()),
      { signal },
      (rows) =>
        (rows as Columns[]).every(([key, at, status, weight, size, durationMs]) =>
          aggregation.add([groupKey(read(key))], { at, status, weight, size, durationMs }),
        ),
    )
  }

  async #byEvents(
    selection: EventSelection,
    by: GroupField | undefined,
    aggregation: Aggregation,
    signal: AbortSignal,
  ): Promise<void> {
    const withEvent = by?.field.deep === true
    for await (const { row, event } of this.#scan.find(selection, { signal, withEvent })) {
      const summary = eventSummary(row)
      const keys = by ? groupKeys(by.field, by.key, { ...summary, event }) : [null]
      if (!aggregation.add(keys, { ...summary, at: summary.time ?? summary.receivedAt })) return
    }
  }
}

type Columns = [
  key: string | number | null,
  at: number,
  status: number | null,
  weight: number | null,
  size: number,
  durationMs: number | null,
]
