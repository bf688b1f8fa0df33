import { ABSENT, that } from '../expectation.ts'
import { EVENT, OFFICIAL_PURPOSE, promise } from '../sources.ts'
import { isTime, timeOf } from './event-time.ts'
import { exchangeScene, type Played } from './exchange-scene.ts'

const FIELDS = promise('events', 'Where each field comes from')
const URI = promise('events', 'request.uri')
const ADDRESS = promise('events', 'request.ip_address')

const isText = (value: unknown): boolean => typeof value === 'string'
const plainUri = (url: string): string => `${url}/plain-get/orders?draft=1&page=2`

/** What an event says of the request. */
export const requests = exchangeScene({
  name: 'requests',
  group: 'request',
  level: 'drop-in',
  listeners: {
    requests: {},
    rewriting: {
      listener: { defaultRoute: { prefix_rewrite: '/elsewhere', host_rewrite_literal: 'inside' } },
    },
  },
  exchanges: [
    {
      name: 'plain-get',
      request: {
        path: '/orders?draft=1&page=2',
        headers: [
          ['X-Mixed-Case', 'Kept As Sent'],
          ['x-repeated', 'one'],
          ['accept', 'text/html,image/*'],
          ['x-repeated', 'two'],
          ['x-empty', ''],
          ['x-api-version', '2026-11'],
        ],
      },
      sentences: [
        {
          id: 'request-verb',
          says: 'request.verb is the method',
          source: EVENT,
          look: ({ event }) => event.request.verb,
          expected: 'GET',
        },
        {
          id: 'request-uri-whole',
          says: 'request.uri is the whole URI: scheme, host, path and query',
          source: EVENT,
          look: ({ event }) => event.request.uri,
          expected: that<Played>(
            (played) => JSON.stringify(plainUri(played?.url ?? 'http://HOST:PORT')),
            (value, { url }) => value === plainUri(url),
          ),
        },
        {
          id: 'request-query-kept',
          says: 'request.uri has the query as it was sent',
          source: EVENT,
          look: ({ event }) => event.request.uri.split('?')[1],
          expected: 'draft=1&page=2',
        },
        {
          id: 'request-time-format',
          says: 'request.time is an ISO 8601 date-time in UTC',
          source: EVENT,
          look: ({ event }) => event.request.time,
          expected: that('an ISO 8601 date-time in UTC', isTime),
        },
        {
          id: 'request-time-true',
          says: 'request.time lies within the exchange',
          source: EVENT,
          look: ({ event }) => event.request.time,
          expected: that<Played>('a moment between sending and answer', (value, { answer }) => {
            const time = timeOf(value as string)
            return time >= answer.sentAt - 250 && time <= answer.endedAt + 250
          }),
        },
        {
          id: 'request-header-values',
          says: 'request.headers has the values as they were sent, by name in lower case',
          source: EVENT,
          look: ({ event }) => event.request.headers['x-mixed-case'],
          expected: 'Kept As Sent',
        },
        {
          id: 'request-header-commas',
          says: 'A comma in the value of a request header stays as it is',
          source: EVENT,
          look: ({ event }) => event.request.headers['accept'],
          expected: 'text/html,image/*',
        },
        {
          id: 'request-headers-repeated',
          says: 'A request header that is sent twice has both values, joined with a comma',
          source: EVENT,
          look: ({ event }) => event.request.headers['x-repeated'],
          expected: that('one,two', (value) => /^one, ?two$/.test(String(value))),
        },
        {
          id: 'request-header-empty',
          says: 'A request header without a value is there',
          source: FIELDS,
          look: ({ event }) => event.request.headers['x-empty'],
          expected: '',
        },
        {
          id: 'request-no-pseudo-headers',
          says: 'request.headers has no pseudo-headers (:path, :method …)',
          source: FIELDS,
          look: ({ event }) => ({
            pseudoHeaders: Object.keys(event.request.headers).filter((key) => key.startsWith(':')),
          }),
          expected: { pseudoHeaders: [] },
        },
        {
          id: 'request-header-types',
          says: 'Every value of request.headers is a text',
          source: EVENT,
          look: ({ event }) => {
            const all = Object.entries(event.request.headers)
            return { noTexts: Object.fromEntries(all.filter(([, value]) => !isText(value))) }
          },
          expected: { noTexts: {} },
        },
        {
          id: 'request-api-version',
          says: 'request.api_version is the request header x-api-version',
          source: FIELDS,
          look: ({ event }) => event.request.api_version,
          expected: '2026-11',
        },
        {
          id: 'request-address-present',
          says: 'request.ip_address is the address of the client, also without a header that has it',
          source: EVENT,
          look: ({ event }) => event.request.ip_address,
          expected: that('an IP address without a port', (value) =>
            /^(\d+\.\d+\.\d+\.\d+|[0-9a-f:]+:[0-9a-f:]+)$/i.test(String(value)),
          ),
        },
        {
          id: 'request-no-body',
          says: 'A request without a body has none in its event',
          source: EVENT,
          look: ({ event }) => event.request.body,
          expected: ABSENT,
        },
        {
          id: 'event-once',
          group: 'batching',
          says: 'An exchange is one event',
          source: OFFICIAL_PURPOSE,
          look: ({ events }) => ({ events: events.length }),
          expected: { events: 1 },
        },
        {
          id: 'event-accepted',
          says: 'Moesif finds nothing wrong with the event',
          source: EVENT,
          look: ({ events: [first] }) => {
            if (!first) throw new Error('No event of this exchange came')
            const errors = first.findings.filter(({ severity }) => severity === 'error')
            return { errors: errors.map(({ pointer, message }) => `${pointer} ${message}`) }
          },
          expected: { errors: [] },
        },
      ],
    },
    {
      name: 'forwarded-for',
      request: { headers: [['x-forwarded-for', '203.0.113.7']] },
      sentences: [
        {
          id: 'request-address-forwarded',
          says: 'request.ip_address is the address that Envoy trusts in x-forwarded-for',
          source: ADDRESS,
          look: ({ event }) => event.request.ip_address,
          expected: '203.0.113.7',
        },
      ],
    },
    {
      name: 'percent-encoded',
      request: { path: '/a%20b%2Fc?q=%C3%A4&empty=&plus=a+b' },
      sentences: [
        {
          id: 'request-uri-encoding-kept',
          says: 'What is percent-encoded in the URI stays as it is',
          source: URI,
          look: ({ event }) => event.request.uri.split('/percent-encoded')[1],
          expected: '/a%20b%2Fc?q=%C3%A4&empty=&plus=a+b',
        },
      ],
    },
    {
      name: 'named-host',
      request: { headers: [['host', 'api.example.com']] },
      sentences: [
        {
          id: 'request-uri-host',
          says: 'The host in request.uri is the one that the client asked for',
          source: EVENT,
          look: ({ event }) => event.request.uri,
          expected: 'http://api.example.com/named-host',
        },
      ],
    },
    {
      name: 'other-verb',
      request: {
        method: 'PATCH',
        body: '{"a":1}',
        headers: [['content-type', 'application/json']],
      },
      sentences: [
        {
          id: 'request-verb-other',
          says: 'request.verb distinguishes PATCH from POST',
          source: EVENT,
          look: ({ event }) => event.request.verb,
          expected: 'PATCH',
        },
      ],
    },
    {
      name: 'head-request',
      request: { method: 'HEAD' },
      response: { body: '' },
      sentences: [
        {
          id: 'request-head',
          says: 'A HEAD request is an event without a response body',
          source: EVENT,
          look: ({ event }) => ({
            verb: event.request.verb,
            responseBody: event.response?.body ?? undefined,
          }),
          expected: { verb: 'HEAD', responseBody: undefined },
        },
      ],
    },
    {
      name: 'chunked-request',
      request: { body: ['{"a":', '1}'], headers: [['content-type', 'application/json']] },
      sentences: [
        {
          id: 'request-transfer-encoding',
          says: 'request.transfer_encoding says how the body is written in the event, not how it was transferred',
          source: EVENT,
          look: ({ event }) => event.request.transfer_encoding,
          expected: that('json, base64 or nothing', (value) =>
            [undefined, null, '', 'json', 'base64'].includes(value as string),
          ),
        },
      ],
    },
    {
      name: 'rewritten-route',
      listener: 'rewriting',
      request: { path: '/seen-by-client' },
      sentences: [
        {
          id: 'request-path-before-route',
          says: 'request.uri has the path that the client sent, whatever the route rewrites',
          source: FIELDS,
          look: ({ event }) => event.request.uri.replace(/^https?:\/\/[^/]+/, ''),
          expected: '/rewritten-route/seen-by-client',
        },
        {
          id: 'request-host-before-route',
          says: 'request.headers are those of the client, whatever the route rewrites',
          source: FIELDS,
          look: ({ event }) => event.request.headers,
          expected: that(
            'headers without the host of the route, "inside"',
            (headers) => !Object.values(headers).includes('inside'),
          ),
        },
      ],
    },
  ],
})
