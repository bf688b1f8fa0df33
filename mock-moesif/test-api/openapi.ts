import { answerSchemas } from './answer-schemas.ts'
import { schemas } from './schemas.ts'

type SchemaName = keyof typeof schemas | keyof typeof answerSchemas

interface Operation {
  summary: string
  tags: [string]
  parameters?: object[]
  requestBody?: object
  responses: Record<string, object>
}

const ref = (name: SchemaName) => ({ $ref: `#/components/schemas/${name}` })
const json = (schema: object) => ({ content: { 'application/json': { schema } } })
const answers = (description: string, schema: object) => ({ description, ...json(schema) })
const listOf = (name: SchemaName) => ({ type: 'array', items: ref(name) })
const done = { description: 'Done' }
const problem = answers('What is wrong, and what to change', ref('Error'))
const takes = (schema: object) => ({ required: true, ...json(schema) })

function query(name: string, description: string, schema: object = { type: 'string' }): object {
  return { name, in: 'query', description, schema }
}

const whole = { type: 'integer', minimum: 0 }
const app = query('app', 'Only this application; all without')
const filter = query(
  'filter',
  'Query: `status:>=500 verb:POST user:u1 path:/orders* header.x-id:abc body:"text" -path:/health (a OR b)`',
)
const paging = [
  query('limit', 'Rows of a page', { type: 'integer', minimum: 0, maximum: 5000, default: 100 }),
  query('before', 'Ids below this, newest first', whole),
  query('after', 'Ids above this, oldest first', whole),
]
const uncounted = query(
  'uncounted',
  'Leaves out the total (null), and so the walk through all that is not on the page',
  { type: 'boolean', default: false },
)
const id = { name: 'id', in: 'path', required: true, schema: { type: 'integer' } }

const paths: Record<string, Record<string, Operation>> = {
  '/_mock/openapi.json': {
    get: {
      summary: 'This document',
      tags: ['about'],
      responses: { 200: answers('OpenAPI 3.1', { type: 'object' }) },
    },
  },
  '/_mock/events': {
    get: {
      summary: 'Events by page: summaries, newest first',
      tags: ['events'],
      parameters: [app, filter, ...paging, uncounted],
      responses: { 200: answers('A page', ref('EventPage')), 400: problem },
    },
    delete: {
      summary: 'Forget events, batches and requests',
      tags: ['events'],
      parameters: [app],
      responses: { 204: done },
    },
  },
  '/_mock/events/count': {
    get: {
      summary: 'How many events match',
      tags: ['events'],
      parameters: [app, filter],
      responses: {
        200: answers('The count', {
          type: 'object',
          required: ['count'],
          additionalProperties: false,
          properties: { count: whole },
        }),
        400: problem,
      },
    },
  },
  '/_mock/events/await': {
    get: {
      summary: 'Wait until events match: those held already count',
      tags: ['events'],
      parameters: [
        app,
        filter,
        query('count', 'How many must match', { ...whole, default: 1 }),
        query('timeout', 'Milliseconds', { type: 'integer', default: 5000, maximum: 600_000 }),
        query('exactly', 'More than count is a failure, too', { type: 'boolean', default: false }),
      ],
      responses: {
        200: answers('They came', ref('AwaitAnswer')),
        400: problem,
        422: answers('They did not: what came, and the nearest misses', ref('AwaitAnswer')),
      },
    },
  },
  '/_mock/events/stream': {
    get: {
      summary:
        'Server-sent events: store, events, batches, counts, faults, skipped, evicted, reset, heartbeat',
      tags: ['events'],
      parameters: [
        app,
        query('after', 'As Last-Event-ID: the last row the reader has', whole),
        { name: 'Last-Event-ID', in: 'header', schema: whole },
      ],
      responses: {
        200: {
          description: 'The stream',
          content: { 'text/event-stream': { schema: { type: 'string' } } },
        },
      },
    },
  },
  '/_mock/events/export': {
    get: {
      summary: 'All events that match, as a file',
      tags: ['events'],
      parameters: [
        app,
        filter,
        query('format', 'NDJSON and JSON can be imported; HAR opens in browsers', {
          enum: ['ndjson', 'json', 'har'],
          default: 'ndjson',
        }),
      ],
      responses: {
        200: {
          description: 'The file',
          content: {
            'application/x-ndjson': { schema: { type: 'string' } },
            'application/json': { schema: {} },
          },
        },
        400: problem,
      },
    },
  },
  '/_mock/events/import': {
    post: {
      summary: 'Take an export, or bare events (NDJSON or a JSON array)',
      tags: ['events'],
      parameters: [query('app', 'Application to import into; needed for bare events')],
      requestBody: {
        required: true,
        content: { 'application/x-ndjson': { schema: { type: 'string' } } },
      },
      responses: {
        201: answers('How many', {
          type: 'object',
          required: ['imported'],
          additionalProperties: false,
          properties: { imported: whole },
        }),
        400: problem,
      },
    },
  },
  '/_mock/events/{id}': {
    get: {
      summary: 'One event with its contents and findings',
      tags: ['events'],
      parameters: [id],
      responses: { 200: answers('The event', ref('EventRecord')), 404: problem },
    },
  },
  '/_mock/events/{id}/raw': {
    get: {
      summary: 'One event, byte for byte as received',
      tags: ['events'],
      parameters: [id],
      responses: { 200: answers('The JSON', {}), 404: problem },
    },
  },
  '/_mock/batches': {
    get: {
      summary: 'Batches by page, newest first',
      tags: ['batches'],
      parameters: [app, ...paging],
      responses: { 200: answers('A page', ref('BatchPage')) },
    },
  },
  '/_mock/batches/{id}': {
    get: {
      summary: 'One batch',
      tags: ['batches'],
      parameters: [id],
      responses: { 200: answers('The batch', ref('BatchSummary')), 404: problem },
    },
  },
  '/_mock/batches/{id}/raw': {
    get: {
      summary: 'The body of a batch, decoded',
      tags: ['batches'],
      parameters: [id],
      responses: {
        200: { description: 'The body', content: { 'application/octet-stream': { schema: {} } } },
        404: problem,
      },
    },
  },
  '/_mock/requests': {
    get: {
      summary: 'Requests to the collector by page, newest first',
      tags: ['batches'],
      parameters: [app, ...paging],
      responses: { 200: answers('A page', ref('RequestPage')) },
    },
  },
  '/_mock/requests/{id}': {
    get: {
      summary: 'One request',
      tags: ['batches'],
      parameters: [id],
      responses: { 200: answers('The request', ref('RequestSummary')), 404: problem },
    },
  },
  '/_mock/applications': {
    get: {
      summary: 'Applications seen, with their counts',
      tags: ['applications'],
      responses: { 200: answers('All of them', listOf('Application')) },
    },
  },
  '/_mock/applications/{id}': {
    delete: {
      summary: 'Forget everything of one application, faults and documents included',
      tags: ['applications'],
      parameters: [{ ...id, schema: { type: 'string' } }],
      responses: { 204: done },
    },
  },
  '/_mock/counts': {
    get: {
      summary: 'Counts since the last reset',
      tags: ['applications'],
      parameters: [app],
      responses: { 200: answers('The counts', ref('Counts')) },
    },
  },
  '/_mock/entities': {
    get: {
      summary:
        'Users, companies, subscriptions (merged) and actions that were posted, newest first',
      tags: ['applications'],
      parameters: [
        app,
        query('kind', 'Only these', { enum: ['users', 'companies', 'subscriptions', 'actions'] }),
      ],
      responses: { 200: answers('Up to 1000', listOf('Entity')), 400: problem },
    },
  },
  '/_mock/config': documentPath('config', { type: 'object' }),
  '/_mock/rules': documentPath('rules', { type: 'array' }),
  '/_mock/faults': {
    get: {
      summary: 'Faults that are set',
      tags: ['faults'],
      parameters: [app],
      responses: { 200: answers('All of them', listOf('Fault')) },
    },
    post: {
      summary: 'Set a fault',
      tags: ['faults'],
      requestBody: takes(ref('FaultSpec')),
      responses: { 201: answers('The fault', ref('Fault')), 400: problem },
    },
    delete: {
      summary: 'Remove the faults of one application, or all',
      tags: ['faults'],
      parameters: [app],
      responses: { 204: done },
    },
  },
  '/_mock/faults/{id}': {
    delete: {
      summary: 'Remove a fault',
      tags: ['faults'],
      parameters: [id],
      responses: { 204: done, 404: problem },
    },
  },
  '/_mock/forward': {
    get: {
      summary: 'What is passed on, and where to',
      tags: ['forward'],
      responses: { 200: answers('All of them', listOf('Forward')) },
    },
    put: {
      summary: 'Pass stored batches on to another collector',
      tags: ['forward'],
      parameters: [app],
      requestBody: takes(ref('ForwardSpec')),
      responses: { 200: answers('As set', ref('Forward')), 400: problem },
    },
    delete: {
      summary: 'Stop passing on',
      tags: ['forward'],
      parameters: [app],
      responses: { 204: done },
    },
  },
  '/_mock/gateway': {
    get: {
      summary: 'The gateway in front, with its counters as of now; null when nobody told of one',
      tags: ['gateway'],
      responses: {
        200: answers('The gateway', { oneOf: [ref('Gateway'), { type: 'null' }] }),
      },
    },
    put: {
      summary: 'Tell of the gateway in front',
      tags: ['gateway'],
      requestBody: takes(ref('GatewaySpec')),
      responses: { 204: done, 400: problem },
    },
  },
  '/_mock/verify': {
    post: {
      summary: 'Check a count, or an order, without waiting',
      tags: ['events'],
      requestBody: takes(ref('VerifySpec')),
      responses: {
        200: answers('It holds', ref('VerifyAnswer')),
        400: problem,
        422: answers('It does not: why, and the nearest misses', ref('VerifyAnswer')),
      },
    },
  },
}

function documentPath(kind: string, schema: object): Record<string, Operation> {
  const served = { 200: answers(`The ${kind} document; its tag is the ETag`, schema), 400: problem }
  const about = {
    tags: ['documents'] as [string],
    parameters: [query('app', 'Of this application; without, of all that have none of their own')],
    responses: served,
  }
  return {
    get: { summary: `What GET /v1/${kind} serves`, ...about },
    put: { summary: `Replace the ${kind} document`, ...about, requestBody: takes(schema) },
    patch: {
      summary: `Merge into the ${kind} document (RFC 7386)`,
      ...about,
      requestBody: takes({}),
    },
  }
}

/** The test API, described in OpenAPI 3.1. */
export function openApi(version: string): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Mock Moesif test API',
      version,
      description:
        'Ask what the mock collector received, wait for it, and make the collector fail.',
    },
    paths,
    components: { schemas: { ...schemas, ...answerSchemas } },
  }
}
