import { that } from '../expectation.ts'
import { AS_WITHOUT_FILTER, EVENT, OFFICIAL_PURPOSE, promise } from '../sources.ts'
import { bodyBytes } from './body-bytes.ts'
import { exchangeScene, type Played } from './exchange-scene.ts'

const BODIES = promise('events', 'Bodies')
const METADATA = promise('events', 'metadata')
const WRONG = promise('events', 'When something goes wrong')
/** As without a filter: what a crash does must be seen. */
const CLOSED = { failOpen: false }
const JSON_TYPE = [['content-type', 'application/json']] as const
const GRPC = [
  ['content-type', 'application/grpc'],
  ['te', 'trailers'],
] as const
const OF_GRPC = [['content-type', 'application/grpc']] as const

/** A gRPC message: not compressed, its length, its bytes. */
function message(content: string): Buffer {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(Buffer.byteLength(content), 1)
  return Buffer.concat([head, Buffer.from(content)])
}

const ASKED = message('\n\x03Ada')
const ANSWERED = message('\n\tHello Ada')
/** A masked frame of a client, as a gateway passes it. */
const FRAME = Buffer.from('818537fa213d7f9f4d5158', 'hex')

const pathOf = ({ event }: Played): string => event.request.uri.replace(/^https?:\/\/[^/]+/, '')

/** What is no HTTP/1.1 request with one answer. */
export const protocols = exchangeScene({
  name: 'protocols',
  group: 'request',
  level: 'drop-in',
  listeners: {
    protocols: {
      filter: CLOSED,
      listener: {
        trailers: true,
        upgrades: ['websocket'],
        hcm: { proxy_100_continue: true },
        routes: [
          { match: { prefix: '/shop.Orders' }, route: { cluster: 'http2' } },
          { match: { prefix: '/with-trailers' }, route: { cluster: 'http2' } },
        ],
      },
    },
  },
  envoy: ({ upstream }) => ({
    clusters: [{ name: 'http2', url: upstream.http2Url, http2: true }],
  }),
  exchanges: [
    {
      name: 'over-http2',
      request: { over: 'HTTP/2', path: '?a=1', body: '{"a":1}', headers: JSON_TYPE },
      response: { status: 201, body: '{"b":2}', headers: JSON_TYPE },
      sentences: [
        {
          id: 'http2-event',
          says: 'A request over HTTP/2 is an event like one over HTTP/1.1',
          source: EVENT,
          look: (played) => {
            const { request, response } = played.event
            return {
              verb: request.verb,
              path: pathOf(played),
              requestBody: request.body,
              status: response?.status,
              responseBody: response?.body,
            }
          },
          expected: {
            verb: 'POST',
            path: '/over-http2?a=1',
            requestBody: { a: 1 },
            status: 201,
            responseBody: { b: 2 },
          },
        },
      ],
    },
    {
      name: 'reset-http2',
      request: { over: 'HTTP/2', leaves: 'before the answer' },
      response: { delayMs: 1_000 },
      sentences: [
        {
          id: 'http2-reset',
          group: 'response',
          says: 'An exchange over HTTP/2 that the client resets is an event',
          source: WRONG,
          look: ({ events }) => ({ events: events.length }),
          expected: { events: 1 },
        },
      ],
    },
    {
      name: 'with-trailers',
      request: {
        over: 'HTTP/2',
        body: '{"a":1}',
        headers: JSON_TYPE,
        trailers: { 'x-sum': '1' },
      },
      response: { body: '{"b":2}', headers: JSON_TYPE, trailers: { 'x-sum': '2' } },
      sentences: [
        {
          id: 'trailers-pass',
          group: 'robustness',
          says: 'Trailers of a request and of a response pass',
          source: AS_WITHOUT_FILTER,
          look: ({ answer, arrived }) => ({
            atUpstream: arrived?.trailers['x-sum'],
            atClient: answer.trailers['x-sum'],
          }),
          expected: { atUpstream: '1', atClient: '2' },
        },
        {
          id: 'trailers-no-headers',
          says: 'Trailers are not among the headers of the event',
          source: EVENT,
          look: ({ event }) => ({
            request: event.request.headers['x-sum'],
            response: event.response?.headers['x-sum'],
          }),
          expected: { request: undefined, response: undefined },
        },
      ],
    },
    {
      name: 'shop.Orders',
      request: { over: 'HTTP/2', path: '/Find', body: ASKED, headers: GRPC },
      response: {
        body: ANSWERED,
        headers: OF_GRPC,
        trailers: { 'grpc-status': '0', 'grpc-message': '' },
      },
      sentences: [
        {
          id: 'grpc-passes',
          group: 'robustness',
          says: 'A gRPC call is answered with its message and its status',
          source: AS_WITHOUT_FILTER,
          look: ({ answer }) => ({
            status: answer.status,
            message: answer.body,
            'grpc-status': answer.trailers['grpc-status'],
          }),
          expected: { status: 200, message: ANSWERED, 'grpc-status': '0' },
        },
        {
          id: 'grpc-event',
          says: 'A gRPC call is an event, with its method in request.uri',
          source: OFFICIAL_PURPOSE,
          look: (played) => ({ path: pathOf(played), status: played.event.response?.status }),
          expected: { path: '/shop.Orders/Find', status: 200 },
        },
        {
          id: 'grpc-messages',
          group: 'bodies',
          says: 'The messages of a gRPC call can be read from the event, byte for byte',
          source: BODIES,
          look: ({ event }) => ({
            request: bodyBytes(event.request),
            response: bodyBytes(event.response),
          }),
          expected: { request: ASKED, response: ANSWERED },
        },
        {
          id: 'grpc-status',
          group: 'response',
          level: 'full',
          says: 'metadata.grpc_status is the status in the trailers of a gRPC call',
          source: METADATA,
          look: ({ event }) => event.metadata?.['grpc_status'],
          expected: that('0, as a number or a text', (value) => String(value) === '0'),
        },
      ],
    },
    {
      name: 'shop.Orders.Failing',
      request: { over: 'HTTP/2', path: '/Find', body: ASKED, headers: GRPC },
      response: {
        body: ANSWERED,
        headers: OF_GRPC,
        trailers: { 'grpc-status': '13', 'grpc-message': 'half done' },
      },
      sentences: [
        {
          id: 'grpc-status-error',
          group: 'response',
          level: 'full',
          says: 'metadata.grpc_status is the status of a gRPC call that fails after its first message',
          source: METADATA,
          look: ({ event }) => event.metadata?.['grpc_status'],
          expected: that('13, as a number or a text', (value) => String(value) === '13'),
        },
      ],
    },
    {
      name: 'shop.Orders.Refused',
      request: { over: 'HTTP/2', path: '/Find', body: ASKED, headers: GRPC },
      response: { body: '', headers: [...OF_GRPC, ['grpc-status', '7'], ['grpc-message', 'no']] },
      sentences: [
        {
          id: 'grpc-trailers-only',
          group: 'response',
          says: 'A gRPC call that is refused without a message is an event with its grpc-status',
          source: EVENT,
          look: ({ event }) => ({
            status: event.response?.status,
            'grpc-status': event.response?.headers['grpc-status'],
            body: event.response?.body ?? undefined,
          }),
          expected: { status: 200, 'grpc-status': '7', body: undefined },
        },
      ],
    },
    {
      name: 'web-socket',
      request: { over: 'WebSocket', body: FRAME },
      sentences: [
        {
          id: 'websocket-passes',
          group: 'robustness',
          says: 'A WebSocket opens, and what is sent on it passes both ways',
          source: AS_WITHOUT_FILTER,
          look: ({ answer }) => ({ status: answer.status, sentBack: answer.body }),
          expected: { status: 101, sentBack: FRAME },
        },
        {
          id: 'websocket-event',
          says: 'A WebSocket that has closed is one event with status 101',
          source: OFFICIAL_PURPOSE,
          look: ({ event, events }) => ({
            events: events.length,
            verb: event.request.verb,
            status: event.response?.status,
          }),
          expected: { events: 1, verb: 'GET', status: 101 },
        },
        {
          id: 'websocket-no-body',
          group: 'bodies',
          level: 'full',
          says: 'What passes on a WebSocket is no body of its event',
          source: BODIES,
          look: ({ event }) => ({
            request: event.request.body ?? undefined,
            response: event.response?.body ?? undefined,
          }),
          expected: { request: undefined, response: undefined },
        },
      ],
    },
    {
      name: 'expects-continue',
      request: { headers: [...JSON_TYPE, ['expect', '100-continue']], body: '{"a":1}' },
      sentences: [
        {
          id: 'informational-continue',
          group: 'response',
          says: 'A request that expects 100 Continue gets it, and is one event with the status of the answer',
          source: EVENT,
          look: ({ answer, event, events }) => ({
            informational: answer.informational,
            events: events.length,
            status: event.response?.status,
          }),
          expected: { informational: [100], events: 1, status: 200 },
        },
      ],
    },
    {
      name: 'early-hints',
      response: { earlyHints: true },
      sentences: [
        {
          id: 'informational-hints',
          group: 'response',
          says: 'An answer after 103 Early Hints is one event with the status of the answer',
          source: EVENT,
          look: ({ event, events }) => ({
            events: events.length,
            status: event.response?.status,
          }),
          expected: { events: 1, status: 200 },
        },
      ],
    },
  ],
})
