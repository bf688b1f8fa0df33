import type { OperationName } from '../../contract/index.ts'
import type { eventOperations } from '../../contract/events.ts'
import type { EventSearch } from '../../store/event-search.ts'
import { awaitEvents, type AwaitResult } from '../await-events.ts'
import { BadCall, notHeld } from '../bad-call.ts'
import { noContent, ok, type Handlers } from '../call.ts'
import { har } from '../har.ts'
import { importEvents } from '../import-events.ts'
import { arrayOf, jsonOf } from '../json-text.ts'
import type { Parts } from '../parts.ts'
import type { Reply } from '../reply.ts'
import { fieldNamed, groupField, pagingOf, selection } from '../selection.ts'
import { withinTime } from '../within-time.ts'

const DEFAULT_TIMEOUT_MS = 5000
const DEFAULT_GROUPS = 100
const DEFAULT_AGGREGATE_MS = 10_000

export function eventRoutes({
  store,
  search,
  aggregate,
  stream,
  version,
}: Parts): Handlers<keyof typeof eventOperations & OperationName> {
  return {
    'GET /_mock/events': async ({ query, signal }) => {
      const wanted = selection(query.app, query.filter)
      return ok(await withinTime(signal, (limit) => search.page(wanted, pagingOf(query), limit)))
    },
    'DELETE /_mock/events': ({ query }) => {
      store.clear(query.app ?? null)
      return noContent
    },
    'GET /_mock/events/count': async ({ query, signal }) => {
      const wanted = selection(query.app, query.filter)
      return ok({ count: await withinTime(signal, (limit) => search.count(wanted, limit)) })
    },
    'GET /_mock/events/await': async ({ query, signal }) => {
      const result = await awaitEvents(store, search, {
        selection: selection(query.app, query.filter),
        count: query.count ?? 1,
        exactly: query.exactly ?? false,
        timeoutMs: query.timeout ?? DEFAULT_TIMEOUT_MS,
        signal,
      })
      return { status: result.met ? 200 : 422, ...jsonOf(awaitAnswer(search, result)) }
    },
    'GET /_mock/events/aggregate': async ({ query, signal }) =>
      ok(
        await aggregate.run(
          selection(query.app, query.filter),
          query.by === undefined ? undefined : groupField(query.by),
          {
            by: query.by,
            limit: query.limit ?? DEFAULT_GROUPS,
            sort: query.sort ?? 'count',
            ascending: query.ascending ?? false,
            timeoutMs: query.timeout ?? DEFAULT_AGGREGATE_MS,
            intervals: query.intervals,
            split: query.split ?? 'none',
          },
          signal,
        ),
      ),
    'GET /_mock/events/values': async ({ query, signal }) =>
      ok({
        values: await search.values(
          fieldNamed(query.field),
          query.ids.split(',').map(Number),
          signal,
        ),
      }),
    'GET /_mock/events/stream': ({ query, lastEventId }) =>
      stream.reply(query.app, {
        lastEventId: query.after ?? lastEventIdOf(lastEventId),
        newest: query.newest,
      }),
    'GET /_mock/events/export': ({ query, signal }) => {
      const wanted = selection(query.app, query.filter)
      switch (query.format) {
        case 'json':
          return attachment('application/json', 'json', arrayOf(search.recordTexts(wanted, signal)))
        case 'har':
          return attachment('application/json', 'har', har(search.records(wanted, signal), version))
        default:
          return attachment(
            'application/x-ndjson',
            'ndjson',
            lines(search.recordTexts(wanted, signal)),
          )
      }
    },
    'POST /_mock/events/import': async (call) => ({
      status: 201,
      json: { imported: await importEvents(store, await call.bytes(), call.query.app) },
    }),
    'GET /_mock/events/{id}': ({ path: { id } }) => ({
      status: 200,
      ...jsonOf(search.recordText(id) ?? notHeld('Event', id)),
    }),
    'GET /_mock/events/{id}/raw': ({ path: { id } }) => ({
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: search.raw(id) ?? notHeld('Event', id),
    }),
  }
}

function lastEventIdOf(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const id = Number(text)
  if (Number.isSafeInteger(id) && id >= 0) return id
  throw new BadCall(`Last-Event-ID must be the id of an event, not "${text}"`)
}

/** An `AwaitAnswer`, event by event: a thousand large ones never stand in memory together. */
async function* awaitAnswer(
  search: EventSearch,
  { eventIds, ...rest }: AwaitResult,
): AsyncGenerator<string> {
  yield `${JSON.stringify(rest).slice(0, -1)},"events":`
  yield* arrayOf(textsOf(search, eventIds))
  yield '}'
}

async function* textsOf(search: EventSearch, ids: readonly number[]): AsyncGenerator<string> {
  for (const id of ids) {
    const text = search.recordText(id)
    if (text !== undefined) yield text
  }
}

async function* lines(texts: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const text of texts) yield `${text}\n`
}

function attachment(type: string, ending: string, body: AsyncIterable<string>): Reply {
  return {
    status: 200,
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="moesif-events.${ending}"`,
    },
    body,
  }
}
