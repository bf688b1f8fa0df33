import { that } from '../expectation.ts'
import { AS_WITHOUT_FILTER, promise } from '../sources.ts'
import { exchangeScene, type Played } from './exchange-scene.ts'

const FIELDS = promise('events', 'Where each field comes from')
const BODIES = promise('events', 'Bodies')
/** As without a filter: what a crash does must be seen. */
const CLOSED = { failOpen: false }

const isText = that('a text', (value) => typeof value === 'string')
const MANY = 80
const LONG_PATH = `/${'p'.repeat(8_000)}`
const VERY_DEEP = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
const PIECES = ['one\n', 'two\n', 'three\n']

const statusAndEvents = ({ answer, events }: Played) => ({
  status: answer.status,
  events: events.length,
})
const received = ({ answer }: Played) => answer.error ?? answer.body.toString()

/** Requests that are unusual, and legal. No filter may be seen in their answers. */
export const robustness = exchangeScene({
  name: 'robustness',
  group: 'robustness',
  level: 'drop-in',
  listeners: {
    'request-bytes': { filter: CLOSED },
    'response-bytes': { filter: CLOSED },
    unusual: { filter: CLOSED },
    'small-buffer': {
      filter: CLOSED,
      listener: { raw: { per_connection_buffer_limit_bytes: 16_384 } },
    },
    ids: { filter: CLOSED, options: { user_id_header: 'x-user-id' } },
  },
  exchanges: [
    {
      name: 'bytes-in-request',
      request: { headers: [['x-latin', 'caf\xe9 \xff\xfe']] },
      sentences: [
        {
          id: 'robust-request-bytes',
          says: 'A request with a header that is not UTF-8 is answered',
          source: AS_WITHOUT_FILTER,
          look: ({ answer }) => ({ status: answer.status }),
          expected: { status: 200 },
        },
        {
          id: 'robust-request-bytes-event',
          says: 'A request with a header that is not UTF-8 is an event',
          source: FIELDS,
          look: ({ event }) => event.request.headers['x-latin'],
          expected: isText,
        },
      ],
    },
    {
      name: 'after-request-bytes',
      listener: 'request-bytes',
      sentences: [
        {
          id: 'robust-request-bytes-next',
          says: 'The request after one with a header that is not UTF-8 is answered',
          source: AS_WITHOUT_FILTER,
          look: ({ answer }) => ({ status: answer.status }),
          expected: { status: 200 },
        },
      ],
    },
    {
      name: 'bytes-in-response',
      listener: 'response-bytes',
      response: { headers: [['x-latin', 'caf\xe9']] },
      sentences: [
        {
          id: 'robust-response-bytes',
          says: 'A response with a header that is not UTF-8 passes, and is an event',
          source: FIELDS,
          look: statusAndEvents,
          expected: { status: 200, events: 1 },
        },
      ],
    },
    {
      name: 'bytes-in-user',
      listener: 'ids',
      request: { headers: [['x-user-id', 'caf\xe9']] },
      sentences: [
        {
          id: 'robust-user-bytes',
          says: 'A user id that is not UTF-8 does no harm',
          source: FIELDS,
          look: statusAndEvents,
          expected: { status: 200, events: 1 },
        },
      ],
    },
    {
      name: 'many-headers',
      listener: 'unusual',
      request: {
        headers: Array.from({ length: MANY }, (_, index) => [`x-h${index}`, 'v'.repeat(200)]),
      },
      sentences: [
        {
          id: 'robust-many-headers',
          says: `${MANY} headers of 200 bytes are all in the event`,
          source: FIELDS,
          look: ({ event }) => {
            const names = Object.keys(event.request.headers)
            return { headers: names.filter((name) => /^x-h\d+$/.test(name)).length }
          },
          expected: { headers: MANY },
        },
      ],
    },
    {
      name: 'long-path',
      listener: 'unusual',
      request: { path: LONG_PATH },
      sentences: [
        {
          id: 'robust-long-path',
          says: 'A path of 8000 characters is whole in the event',
          source: FIELDS,
          look: ({ event }) => event.request.uri,
          expected: that(
            `a URI that ends with the path of ${LONG_PATH.length} characters`,
            (value) => String(value).endsWith(LONG_PATH),
          ),
        },
      ],
    },
    {
      name: 'very-deep',
      listener: 'unusual',
      request: { body: VERY_DEEP, headers: [['content-type', 'application/json']] },
      response: { body: VERY_DEEP, headers: [['content-type', 'application/json']] },
      sentences: [
        {
          id: 'robust-deep-json',
          says: 'JSON that is 5000 levels deep passes, and is an event',
          source: BODIES,
          look: statusAndEvents,
          expected: { status: 200, events: 1 },
        },
      ],
    },
    {
      name: 'streamed',
      listener: 'unusual',
      response: { body: PIECES, stepwise: true },
      sentences: [
        {
          id: 'cost-streaming',
          group: 'cost',
          says: 'A response that is streamed reaches the client piece by piece',
          source: AS_WITHOUT_FILTER,
          look: received,
          expected: PIECES.join(''),
        },
      ],
    },
    {
      name: 'streamed-upload',
      listener: 'unusual',
      request: { body: PIECES, stepwise: true, headers: [['content-type', 'text/plain']] },
      sentences: [
        {
          id: 'cost-streaming-request',
          group: 'cost',
          says: 'A request body that is streamed reaches the upstream piece by piece',
          source: AS_WITHOUT_FILTER,
          look: ({ answer, arrived }) => ({
            bytesAtUpstream: arrived?.bytes ?? 0,
            error: answer.error ?? 'none',
          }),
          expected: { bytesAtUpstream: PIECES.join('').length, error: 'none' },
        },
      ],
    },
    {
      name: 'large-upload',
      listener: 'small-buffer',
      request: { body: Buffer.alloc(300_000, 'u'), headers: [['content-type', 'text/plain']] },
      sentences: [
        {
          id: 'cost-no-buffering',
          group: 'cost',
          says: "A body longer than Envoy's buffer passes: nothing is held back for the event",
          source: AS_WITHOUT_FILTER,
          look: ({ answer, arrived }) => ({
            status: answer.status,
            bytesAtUpstream: arrived?.bytes ?? 0,
          }),
          expected: { status: 200, bytesAtUpstream: 300_000 },
        },
      ],
    },
  ],
})
