import type { Aggregate } from '../../model/aggregate.ts'
import { groupKey, readKey, type findField } from '../../query/index.ts'
import { columnOf, toSql } from '../../query/to-sql.ts'
import { EVERYTHING, type EventScan, type EventSelection } from '../event-scan.ts'
import { eventSummary } from '../rows.ts'
import { Aggregation, type AggregateWanted } from './aggregation.ts'
import { SHORTEST_MS } from './timeline.ts'

/** A field of the query language, and what follows its prefix. */
export type GroupField = NonNullable<ReturnType<typeof findField>>

const STATUS_CLASS = `CASE WHEN status BETWEEN 100 AND 999 THEN (status / 100) || 'xx' ELSE 'none' END`

/** Adds up events in groups and over time: by SQLite where columns answer, else event by event. Never holds the loop for long. */
export class EventAggregate {
  readonly #scan: EventScan

  constructor(scan: EventScan) {
    this.#scan = scan
  }

  async run(
    selection: EventSelection,
    by: GroupField | undefined,
    wanted: AggregateWanted,
    signal: AbortSignal,
  ): Promise<Aggregate> {
    const aggregation = new Aggregation(wanted)
    const column = by ? columnOf(by.field) : 'NULL'
    const filter = toSql(selection.query ?? EVERYTHING, Date.now())
    // A filter that no event meets adds nothing: its time is over all the same.
    const limit = AbortSignal.timeout(wanted.timeoutMs)
    const ends = AbortSignal.any([signal, limit])
    try {
      if (filter.exact && column !== undefined)
        await this.#byColumns(selection, column, wanted, aggregation, ends)
      else await this.#byEvents(selection, by, aggregation, ends)
    } catch (error) {
      if (signal.aborted || !limit.aborted) throw error
      aggregation.timeIsUp()
    }
    return aggregation.result(by !== undefined)
  }

  async #byColumns(
    { applicationId, query }: EventSelection,
    column: string,
    { intervals, split }: AggregateWanted,
    aggregation: Aggregation,
    signal: AbortSignal,
  ): Promise<void> {
    const at =
      intervals === undefined
        ? '0'
        : `coalesce(time, received_at) / ${SHORTEST_MS} * ${SHORTEST_MS}`
    const statusClass = split === 'status' ? STATUS_CLASS : 'NULL'
    await this.#scan.inSlices(
      `nullif(${column}, ''), ${at}, ${statusClass}, count(*), total(max(coalesce(weight, 1), 1)),
       total(status >= 400 AND status < 500), total(status >= 500), total(size), max(received_at), json_group_array(duration_ms)`,
      'GROUP BY 1, 2, 3',
      applicationId,
      toSql(query ?? EVERYTHING, Date.now()),
      { signal },
      (rows) => {
        for (const [key, start, status, count, weighted, client, server, bytes, last, all] of rows)
          aggregation.add(
            key === null ? null : groupKey(key),
            start as number,
            status as string | null,
            {
              count: count as number,
              weighted: weighted as number,
              clientErrors: client as number,
              serverErrors: server as number,
              bytes: bytes as number,
              lastSeenAt: last as number,
              durations: JSON.parse(all as string) as (number | null)[],
            },
          )
        return aggregation.gaveUp === null
      },
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
      const { status, weight, size, time, receivedAt, durationMs } = summary
      aggregation.add(
        by ? readKey(by.field, by.key, { ...summary, event }) : null,
        Math.floor((time ?? receivedAt) / SHORTEST_MS) * SHORTEST_MS,
        status !== null && status >= 100 && status < 1000
          ? `${Math.floor(status / 100)}xx`
          : 'none',
        {
          count: 1,
          weighted: Math.max(1, weight),
          clientErrors: status !== null && status >= 400 && status < 500 ? 1 : 0,
          serverErrors: status !== null && status >= 500 ? 1 : 0,
          bytes: size,
          lastSeenAt: receivedAt,
          durations: [durationMs],
        },
      )
      if (aggregation.gaveUp !== null) return
    }
  }
}
