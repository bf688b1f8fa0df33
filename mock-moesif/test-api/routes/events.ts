import type { OperationName } from '../../contract/index.ts'
import type { eventOperations } from '../../contract/events.ts'
import type { EventRecord } from '../../model/event.ts'
import { awaitEvents } from '../await-events.ts'
import { BadCall, notHeld } from '../bad-call.ts'
import { noContent, ok, type Handlers } from '../call.ts'
import { har } from '../har.ts'
import { importEvents } from '../import-events.ts'
import type { Parts } from '../parts.ts'
import type { Reply } from '../reply.ts'
import { pagingOf, selection } from '../selection.ts'

const DEFAULT_TIMEOUT_MS = 5000

export function eventRoutes({
  store,
  search,
  stream,
  version,
}: Parts): Handlers<keyof typeof eventOperations & OperationName> {
  return {
    'GET /_mock/events': async ({ query }) =>
      ok(await search.page(selection(query.app, query.filter), pagingOf(query))),
    'DELETE /_mock/events': ({ query }) => {
      store.clear(query.app ?? null)
      return noContent
    },
    'GET /_mock/events/count': async ({ query }) =>
      ok({ count: await search.count(selection(query.app, query.filter)) }),
    'GET /_mock/events/await': async ({ query, signal }) => {
      const answer = await awaitEvents(store, search, {
        selection: selection(query.app, query.filter),
        count: query.count ?? 1,
        exactly: query.exactly ?? false,
        timeoutMs: query.timeout ?? DEFAULT_TIMEOUT_MS,
        signal,
      })
      return { status: answer.met ? 200 : 422, json: answer }
    },
    'GET /_mock/events/stream': ({ query, lastEventId, outgoing }) => {
      if (!outgoing) throw new BadCall('The stream is served over HTTP only', { status: 501 })
      stream.open(outgoing, query.app, query.after ?? lastEventIdOf(lastEventId))
      return undefined
    },
    'GET /_mock/events/export': ({ query }) =>
      exported(search.records(selection(query.app, query.filter)), query.format, version),
    'POST /_mock/events/import': async (call) => ({
      status: 201,
      json: { imported: importEvents(store, await call.text(), call.query.app) },
    }),
    'GET /_mock/events/{id}': ({ path: { id } }) => ok(search.get(id) ?? notHeld('Event', id)),
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

function exported(
  records: AsyncIterable<EventRecord>,
  format: 'ndjson' | 'json' | 'har' | undefined,
  version: string,
): Reply {
  switch (format) {
    case 'json':
      return attachment('application/json', 'json', array(records))
    case 'har':
      return attachment('application/json', 'har', har(records, version))
    default:
      return attachment('application/x-ndjson', 'ndjson', lines(records))
  }
}

async function* lines(records: AsyncIterable<EventRecord>): AsyncGenerator<string> {
  for await (const record of records) yield `${JSON.stringify(record)}\n`
}

async function* array(records: AsyncIterable<EventRecord>): AsyncGenerator<string> {
  let separator = '['
  for await (const record of records) {
    yield separator + JSON.stringify(record)
    separator = ','
  }
  yield separator === '[' ? '[]' : ']'
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
