import type { Reply } from '../../server/reply.ts'
import { applicationOf, flag, idOf, integer, pagingOf, selectionOf } from '../arguments.ts'
import { awaitEvents } from '../await-events.ts'
import { har } from '../har.ts'
import { importEvents } from '../import-events.ts'
import type { Parts } from '../parts.ts'
import { BadCall, type Call, type Route } from '../router.ts'
import type { EventRecord } from '../types.ts'

const DEFAULT_TIMEOUT_MS = 5000
const MAX_TIMEOUT_MS = 600_000

export function eventRoutes(parts: Parts): Route[] {
  const { store, search, stream } = parts
  return [
    {
      method: 'GET',
      path: '/_mock/events',
      handle: async (call) => ({
        status: 200,
        json: await search.page(selectionOf(call.search), pagingOf(call.search)),
      }),
    },
    {
      method: 'DELETE',
      path: '/_mock/events',
      handle: (call) => {
        store.clear(applicationOf(call.search) ?? null)
        return { status: 204 }
      },
    },
    {
      method: 'GET',
      path: '/_mock/events/count',
      handle: async (call) => ({
        status: 200,
        json: { count: await search.count(selectionOf(call.search)) },
      }),
    },
    {
      method: 'GET',
      path: '/_mock/events/await',
      handle: async (call) => {
        const answer = await awaitEvents(store, search, {
          selection: selectionOf(call.search),
          count: integer(call.search, 'count') ?? 1,
          exactly: flag(call.search, 'exactly'),
          timeoutMs: integer(call.search, 'timeout', { max: MAX_TIMEOUT_MS }) ?? DEFAULT_TIMEOUT_MS,
          signal: call.signal,
        })
        // 422 rather than 408, which many clients repeat by themselves.
        return { status: answer.met ? 200 : 422, json: answer }
      },
    },
    {
      method: 'GET',
      path: '/_mock/events/stream',
      handle: ({ search: query, lastEventId, outgoing }) => {
        if (!outgoing) throw new BadCall('The stream is served over HTTP only', { status: 501 })
        const after =
          integer(query, 'after') ?? (lastEventId === undefined ? undefined : idOf(lastEventId))
        stream.open(outgoing, applicationOf(query), after)
      },
    },
    {
      method: 'GET',
      path: '/_mock/events/export',
      handle: (call) => exported(parts, call),
    },
    {
      method: 'POST',
      path: '/_mock/events/import',
      handle: async (call) => ({
        status: 201,
        json: { imported: importEvents(store, await call.text(), applicationOf(call.search)) },
      }),
    },
    {
      method: 'GET',
      path: '/_mock/events/{id}',
      handle: (call) => ({
        status: 200,
        json: search.get(idOf(call.params['id'])) ?? missing(call.params['id']),
      }),
    },
    {
      method: 'GET',
      path: '/_mock/events/{id}/raw',
      handle: (call) => ({
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: search.raw(idOf(call.params['id'])) ?? missing(call.params['id']),
      }),
    },
  ]
}

function exported({ search, version }: Parts, call: Call): Reply {
  const format = call.search.get('format') ?? 'ndjson'
  const records = search.records(selectionOf(call.search))
  switch (format) {
    case 'ndjson':
      return attachment('application/x-ndjson', 'ndjson', lines(records))
    case 'json':
      return attachment('application/json', 'json', array(records))
    case 'har':
      return attachment('application/json', 'har', har(records, version))
    default:
      throw new BadCall(`format is ndjson, json or har, not "${format}"`)
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

function missing(id: string | undefined): never {
  throw new BadCall(`Event ${id} is not here: it never was, or the bound has dropped it`, {
    status: 404,
  })
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
