import { ABSENT, that } from '../expectation.ts'
import { EVENT, OFFICIAL_PURPOSE, promise } from '../sources.ts'
import { exchangeScene, type Played } from './exchange-scene.ts'
import { isTime, timeOf } from './event-time.ts'

const FIELDS = promise('events', 'Where each field comes from')
const WRONG = promise('events', 'When something goes wrong')
const METADATA = promise('events', 'metadata')
const BODIES = promise('events', 'Bodies')
const TRACE = '0af7651916cd43dd8448eb211c80319c'

/** What an event says of the response, and of exchanges that went wrong. */
export const responses = exchangeScene({
  name: 'responses',
  group: 'response',
  level: 'drop-in',
  listeners: {
    responses: {
      listener: {
        trailers: true,
        routes: [
          { match: { prefix: '/no-route' }, direct_response: { status: 404 } },
          {
            match: { prefix: '/nobody-there' },
            route: { cluster: 'nobody', timeout: '5s' },
          },
          { match: { prefix: '/slow-upstream' }, route: { cluster: 'upstream', timeout: '0.2s' } },
        ],
      },
    },
    metadata: { options: { metadata: { environment: 'test', region: 'eu' } } },
    'no-metadata': { options: { disable_metadata: true } },
    outbound: { listener: { direction: 'OUTBOUND' } },
  },
  envoy: { clusters: [{ name: 'nobody', url: 'http://127.0.0.1:1' }] },
  exchanges: [
    {
      name: 'created',
      request: { headers: [['traceparent', `00-${TRACE}-b7ad6b7169203331-01`]] },
      response: {
        status: 201,
        headers: [
          ['Content-Type', 'text/plain'],
          ['X-Upstream', 'Sent By Upstream'],
          ['set-cookie', 'a=1; Path=/'],
          ['set-cookie', 'b=2'],
        ],
        delayMs: 300,
      },
      sentences: [
        {
          id: 'response-status',
          says: 'response.status is the status, as a number',
          source: EVENT,
          look: ({ event }) => ({ status: event.response?.status }),
          expected: { status: 201 },
        },
        {
          id: 'response-header-values',
          says: 'response.headers has the values as they were sent, by name in lower case',
          source: EVENT,
          look: ({ event }) => event.response?.headers['x-upstream'],
          expected: 'Sent By Upstream',
        },
        {
          id: 'response-headers-repeated',
          says: 'A response header that is sent twice has both values, joined with a comma',
          source: EVENT,
          look: ({ event }) => event.response?.headers['set-cookie'],
          expected: that('a=1; Path=/,b=2', (value) => /^a=1; Path=\/, ?b=2$/.test(String(value))),
        },
        {
          id: 'response-no-pseudo-headers',
          says: 'response.headers has no pseudo-headers (:status)',
          source: FIELDS,
          look: ({ event }) => ({
            pseudoHeaders: Object.keys(event.response!.headers).filter((key) =>
              key.startsWith(':'),
            ),
          }),
          expected: { pseudoHeaders: [] },
        },
        {
          id: 'response-time-format',
          says: 'response.time is an ISO 8601 date-time in UTC',
          source: EVENT,
          look: ({ event }) => event.response?.time,
          expected: that('an ISO 8601 date-time in UTC', isTime),
        },
        {
          id: 'response-time-duration',
          says: 'response.time is as much later than request.time as the exchange took',
          source: EVENT,
          look: ({ event }) => ({
            laterMs: timeOf(event.response!.time) - timeOf(event.request.time),
          }),
          expected: that<Played>(
            (played) =>
              `280 ms (the upstream waits 300 ms) to ${played ? `${(played.answer.totalMs + 300).toFixed(0)} ms: 300 ms more than the client waited` : '300 ms more than the client waits'}`,
            ({ laterMs }, { answer }) => laterMs >= 280 && laterMs <= answer.totalMs + 300,
          ),
        },
        {
          id: 'event-direction',
          says: 'direction is Incoming at a gateway',
          source: EVENT,
          look: ({ event }) => event.direction,
          expected: 'Incoming',
        },
        {
          id: 'event-transaction-id',
          says: 'transaction_id is a UUID',
          source: EVENT,
          look: ({ event }) => event.transaction_id,
          expected: that('a UUID of 36 characters', (value) =>
            /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(String(value)),
          ),
        },
        {
          id: 'event-trace-id',
          says: 'trace_id is the trace of a W3C traceparent header',
          source: FIELDS,
          look: ({ event }) => event['trace_id'],
          expected: TRACE,
        },
        {
          id: 'event-plugin-version',
          level: 'full',
          says: 'metadata has the name and version of the filter, and the cluster',
          source: METADATA,
          look: ({ event }) => ({
            plugin: event.metadata?.['plugin'],
            cluster: event.metadata?.['cluster'],
          }),
          expected: that(
            'a text as plugin, and the cluster "upstream"',
            ({ plugin, cluster }) => typeof plugin === 'string' && cluster === 'upstream',
          ),
        },
      ],
    },
    {
      name: 'redirected',
      response: { status: 302, headers: [['location', 'https://example.com/next']], body: '' },
      sentences: [
        {
          id: 'response-redirect',
          says: 'A redirect is an event with its location',
          source: EVENT,
          look: ({ event }) => ({
            status: event.response?.status,
            location: event.response?.headers['location'],
          }),
          expected: { status: 302, location: 'https://example.com/next' },
        },
      ],
    },
    {
      name: 'no-route',
      sentences: [
        {
          id: 'response-of-envoy',
          says: 'What Envoy answers by itself is an event with its status',
          source: OFFICIAL_PURPOSE,
          look: ({ event }) => ({ status: event.response?.status }),
          expected: { status: 404 },
        },
      ],
    },
    {
      name: 'nobody-there',
      request: { body: '{"a":1}', headers: [['content-type', 'application/json']] },
      sentences: [
        {
          id: 'response-unreachable',
          says: 'An exchange whose upstream cannot be reached is an event with status 503',
          source: WRONG,
          look: ({ event }) => ({ status: event.response?.status }),
          expected: { status: 503 },
        },
        {
          id: 'response-flags',
          level: 'full',
          says: "metadata has Envoy's reason for an error of its own",
          source: METADATA,
          look: ({ event }) => event.metadata?.['response_flags'],
          expected: that('flags with UF', (value) => String(value).split(',').includes('UF')),
        },
      ],
    },
    {
      name: 'slow-upstream',
      response: { delayMs: 1_000 },
      sentences: [
        {
          id: 'response-timeout',
          says: 'An exchange that times out is an event with status 504',
          source: WRONG,
          look: ({ event }) => ({ status: event.response?.status }),
          expected: { status: 504 },
        },
      ],
    },
    {
      name: 'reset-upstream',
      response: { ends: 'reset' },
      sentences: [
        {
          id: 'response-reset',
          says: 'An exchange whose upstream breaks the connection is an event with status 503',
          source: WRONG,
          look: ({ event }) => ({ status: event.response?.status }),
          expected: { status: 503 },
        },
      ],
    },
    {
      name: 'cut-response',
      response: {
        body: '{"half":',
        ends: 'cut',
        headers: [['content-type', 'application/json']],
      },
      sentences: [
        {
          id: 'response-cut-status',
          says: 'An exchange whose response breaks off is an event with the status that was sent',
          source: WRONG,
          look: ({ event }) => ({ status: event.response?.status }),
          expected: { status: 200 },
        },
        {
          id: 'body-cut-kept',
          group: 'bodies',
          level: 'full',
          says: 'What passed of a response that breaks off is in base64, and marked as incomplete',
          source: BODIES,
          look: ({ event }) => ({
            transfer_encoding: event.response?.transfer_encoding,
            body: event.response?.body,
            incomplete: event.metadata?.['incomplete'],
          }),
          expected: {
            transfer_encoding: 'base64',
            body: Buffer.from('{"half":').toString('base64'),
            incomplete: 'response body',
          },
        },
      ],
    },
    {
      name: 'client-leaves',
      request: { leaves: 'before the answer' },
      response: { delayMs: 2_000 },
      sentences: [
        {
          id: 'response-client-left',
          says: 'An exchange whose client leaves before the answer is an event',
          source: WRONG,
          look: ({ events }) => ({ events: events.length }),
          expected: { events: 1 },
        },
        {
          id: 'response-client-left-none',
          says: 'An exchange without a response has none in its event',
          source: WRONG,
          look: ({ event }) => event.response,
          expected: ABSENT,
        },
      ],
    },
    {
      name: 'leaves-amid',
      request: {
        body: ['{"half":', '1'],
        leaves: 'amid the body',
        headers: [['content-type', 'application/json']],
      },
      sentences: [
        {
          id: 'request-cut',
          group: 'request',
          says: 'An exchange whose client leaves amid its body is an event',
          source: WRONG,
          look: ({ events }) => ({ events: events.length }),
          expected: { events: 1 },
        },
      ],
    },
    {
      name: 'with-metadata',
      listener: 'metadata',
      sentences: [
        {
          id: 'event-metadata-option',
          group: 'configuration',
          level: 'full',
          says: 'Members of the option metadata are in the metadata of each event',
          source: METADATA,
          look: ({ event }) => ({
            environment: event.metadata?.['environment'],
            region: event.metadata?.['region'],
          }),
          expected: { environment: 'test', region: 'eu' },
        },
      ],
    },
    {
      name: 'without-metadata',
      listener: 'no-metadata',
      sentences: [
        {
          id: 'event-metadata-off',
          group: 'privacy',
          level: 'full',
          says: 'disable_metadata leaves out what the filter knows of route, cluster and request id',
          source: promise('privacy', 'Keep secrets out'),
          look: ({ event }) => event.metadata,
          expected: ABSENT,
        },
      ],
    },
    {
      name: 'going-out',
      listener: 'outbound',
      sentences: [
        {
          id: 'event-direction-outgoing',
          says: 'direction is Outgoing at a listener whose traffic direction is OUTBOUND',
          source: promise('events', 'direction'),
          look: ({ event }) => event.direction,
          expected: 'Outgoing',
        },
      ],
    },
  ],
})
