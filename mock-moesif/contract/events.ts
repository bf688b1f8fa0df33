import { Type } from 'typebox'
import { Aggregate, SORTS } from '../model/aggregate.ts'
import { EventRecord, EventSummary } from '../model/event.ts'
import { count, exact, textOrNull } from '../model/shapes.ts'
import { answers, done, operations, problem } from './operation.ts'
import { StreamMessages } from './stream-messages.ts'
import { app, filter, idInPath, pageOf, paging, uncounted } from './parameters.ts'

const EventPage = pageOf('EventPage', EventSummary)

/** An event that does not match a filter, and the conditions that it failed. */
export const NearMiss = exact(
  {
    event: EventSummary,
    failed: Type.Array(exact({ condition: Type.String(), actual: Type.String() })),
  },
  { title: 'NearMiss' },
)
export type NearMiss = Type.Static<typeof NearMiss>

export const AwaitAnswer = exact(
  {
    met: Type.Boolean(),
    count: Type.Integer(),
    expected: Type.Integer(),
    waitedMs: Type.Integer(),
    events: Type.Array(EventRecord),
    nearest: Type.Array(NearMiss),
  },
  { title: 'AwaitAnswer' },
)
export type AwaitAnswer = Type.Static<typeof AwaitAnswer>

export const eventOperations = operations({
  'GET /_mock/events': {
    id: 'listEvents',
    tag: 'events',
    summary: 'Events by page: summaries, newest first',
    query: exact({ app, filter, ...paging, uncounted }),
    answers: { 200: answers('A page', EventPage), 400: problem },
  },
  'DELETE /_mock/events': {
    id: 'deleteEvents',
    tag: 'events',
    summary: 'Forget events, batches and requests',
    query: exact({ app }),
    answers: { 204: done, 400: problem },
  },
  'GET /_mock/events/count': {
    id: 'countEvents',
    tag: 'events',
    summary: 'How many events match',
    query: exact({ app, filter }),
    answers: { 200: answers('The count', exact({ count: Type.Integer() })), 400: problem },
  },
  'GET /_mock/events/await': {
    id: 'awaitEvents',
    tag: 'events',
    summary: 'Wait until events match: those held already count',
    query: exact({
      app,
      filter,
      count: Type.Optional(count({ description: 'How many must match', default: 1 })),
      timeout: Type.Optional(
        Type.Integer({
          description: 'Milliseconds',
          minimum: 0,
          maximum: 600_000,
          default: 5000,
        }),
      ),
      exactly: Type.Optional(
        Type.Boolean({ description: 'Also fail when more than `count` match', default: false }),
      ),
    }),
    answers: {
      200: answers('They came', AwaitAnswer),
      400: problem,
      // 422 rather than 408, which many clients retry.
      422: answers('They did not match in time: what came, and the nearest misses', AwaitAnswer),
    },
  },
  'GET /_mock/events/aggregate': {
    id: 'aggregateEvents',
    tag: 'events',
    summary: 'Events that match, in groups and over time: counts, errors, durations, bytes',
    query: exact({
      app,
      filter,
      by: Type.Optional(
        Type.String({
          description: 'Field of the query language to group by',
          minLength: 1,
          format: 'moesif-field',
          examples: ['user', 'route', 'metadata.plan'],
        }),
      ),
      limit: Type.Optional(
        Type.Integer({
          description: 'Most groups that are returned',
          minimum: 0,
          maximum: 1000,
          default: 100,
        }),
      ),
      sort: Type.Optional(
        Type.Enum([...SORTS], { description: 'What the groups are sorted by', default: 'count' }),
      ),
      ascending: Type.Optional(Type.Boolean({ description: 'Ascending order', default: false })),
      intervals: Type.Optional(
        Type.Integer({
          description:
            'Most intervals of a time series, by request.time (by arrival without one); no series without',
          minimum: 1,
          maximum: 1000,
        }),
      ),
      split: Type.Optional(
        Type.Enum(['none', 'status', 'group'], {
          description:
            'A series for each status class, or for each of the groups that are returned',
          default: 'none',
        }),
      ),
      timeout: Type.Optional(
        Type.Integer({
          description: 'Milliseconds after which it answers with what it has',
          minimum: 1,
          maximum: 60_000,
          default: 10_000,
        }),
      ),
    }),
    answers: { 200: answers('The groups', Aggregate), 400: problem },
  },
  'GET /_mock/events/values': {
    id: 'eventValues',
    tag: 'events',
    summary: 'The value of one field in each of some events',
    query: exact({
      field: Type.String({
        description: 'Field of the query language',
        minLength: 1,
        format: 'moesif-field',
        examples: ['metadata.plan', 'request.header.x-id'],
      }),
      ids: Type.String({
        description: 'Ids of events, separated by commas; 500 at most',
        pattern: String.raw`^\d{1,15}(,\d{1,15}){0,499}$`,
        examples: ['1,2'],
      }),
    }),
    answers: {
      200: answers(
        'Its first value in each event; null where the event has none, or does not exist',
        exact({ values: Type.Array(textOrNull()) }),
      ),
      400: problem,
    },
  },
  'GET /_mock/events/stream': {
    id: 'streamEvents',
    tag: 'events',
    summary: 'Server-sent events: what arrives and changes, live',
    query: exact({
      app,
      after: Type.Optional(
        count({ description: 'Same as Last-Event-ID: the last row the reader has' }),
      ),
      newest: Type.Optional(
        Type.Integer({
          description: 'How many batches and requests `newest` has; none by default',
          minimum: 1,
          maximum: 1000,
        }),
      ),
    }),
    headers: exact({ 'Last-Event-ID': Type.Optional(count()) }),
    answers: {
      200: {
        description:
          'A stream of messages: `event:` names a member of StreamMessages, `data:` is its JSON, `id:` the last event of the message',
        types: ['text/event-stream'],
        schema: Type.String({
          contentMediaType: 'text/event-stream',
          contentSchema: StreamMessages,
        }),
      },
      400: problem,
    },
  },
  'GET /_mock/events/export': {
    id: 'exportEvents',
    tag: 'events',
    summary: 'All events that match, as a file',
    query: exact({
      app,
      filter,
      format: Type.Optional(
        Type.Enum(['ndjson', 'json', 'har'], {
          description: 'NDJSON and JSON can be imported; HAR opens in browsers',
          default: 'ndjson',
        }),
      ),
    }),
    answers: {
      200: {
        description: 'The file',
        types: ['application/x-ndjson', 'application/json'],
        schema: Type.Unknown(),
      },
      400: problem,
    },
  },
  'POST /_mock/events/import': {
    id: 'importEvents',
    tag: 'events',
    summary: 'Import an export, or bare events (NDJSON or a JSON array)',
    query: exact({
      app: Type.Optional(
        Type.String({
          description: 'Application to import into; needed for bare events',
          minLength: 1,
        }),
      ),
    }),
    body: {
      description: 'An export, or events',
      types: ['application/x-ndjson'],
      schema: Type.String(),
      optional: true,
    },
    answers: { 201: answers('How many', exact({ imported: Type.Integer() })), 400: problem },
  },
  'GET /_mock/events/{id}': {
    id: 'getEvent',
    tag: 'events',
    summary: 'One event with its contents and findings',
    path: idInPath,
    answers: { 200: answers('The event', EventRecord), 404: problem },
  },
  'GET /_mock/events/{id}/raw': {
    id: 'getRawEvent',
    tag: 'events',
    summary: 'One event, byte for byte as received',
    path: idInPath,
    answers: { 200: answers('The JSON', Type.Unknown()), 404: problem },
  },
})
