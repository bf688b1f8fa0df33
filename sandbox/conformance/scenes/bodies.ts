import { gzipSync } from 'node:zlib'
import { ABSENT, that } from '../expectation.ts'
import { AS_WITHOUT_FILTER, EVENT, EVENT_SIZE, promise } from '../sources.ts'
import { exchangeScene, type Played } from './exchange-scene.ts'
import { bodyBytes, bytesOf, JSON_TYPE, typed } from './body-bytes.ts'
import { bodyOptions } from './body-options.ts'

const BODIES = promise('events', 'Bodies')
/** Every byte there is: no text in any encoding that JSON knows. */
const BINARY = Buffer.from(Array.from({ length: 512 }, (_, index) => index % 256))
const TEXT = 'Grüße, “quoted”\n\tand 🚀'
/** One number that no double holds, and spellings that a parser would change. */
const NUMBERS = '{"id":12345678901234567890123,"price":1.10,"tiny":1e-400,"zero":-0}'
const LONG = 1_500_000
const DEEP = `${'['.repeat(200)}1${']'.repeat(200)}`

const encodingOf = (side: 'request' | 'response') => (played: Played) =>
  played.event[side]?.transfer_encoding
const bothBodies = ({ event }: Played) => ({
  request: event.request.body,
  response: event.response?.body,
})
/** The request body as it stands in the event: JSON without blanks. */
const writtenBody = ({ raw }: Played): string =>
  /"body":(\{[^{}]*\})/.exec(raw.replaceAll(/\s/g, ''))?.[1] ?? 'no such body'
const isJsonEncoding = that('json or nothing', (value) =>
  [undefined, null, '', 'json'].includes(value as string),
)

/** What an event has of bodies. */
export const bodies = exchangeScene({
  name: 'bodies',
  group: 'bodies',
  level: 'drop-in',
  listeners: {
    bodies: { listener: { trailers: true } },
    ...bodyOptions.listeners,
  },
  exchanges: [
    {
      name: 'json-bodies',
      request: { body: '{"name":"größer","list":[1,null,true]}', headers: JSON_TYPE },
      response: { body: '[{"id":1},"two"]', headers: JSON_TYPE },
      sentences: [
        {
          id: 'body-json-request',
          says: 'A JSON request body is JSON in the event',
          source: EVENT,
          look: ({ event }) => event.request.body,
          expected: { name: 'größer', list: [1, null, true] },
        },
        {
          id: 'body-json-request-encoding',
          says: 'A JSON request body is not labelled base64',
          source: EVENT,
          look: encodingOf('request'),
          expected: isJsonEncoding,
        },
        {
          id: 'body-json-response',
          says: 'A JSON response body is JSON in the event',
          source: EVENT,
          look: ({ event }) => event.response?.body,
          expected: [{ id: 1 }, 'two'],
        },
      ],
    },
    {
      name: 'json-with-charset',
      request: { body: '{"a":1}', headers: typed('application/json; charset=utf-8') },
      response: { body: '{"b":2}', headers: typed('application/json;charset=UTF-8') },
      sentences: [
        {
          id: 'body-json-charset',
          says: 'A content type with a charset is JSON, too',
          source: EVENT,
          look: bothBodies,
          expected: { request: { a: 1 }, response: { b: 2 } },
        },
      ],
    },
    {
      name: 'json-suffix',
      request: { body: '{"data":[]}', headers: typed('application/vnd.api+json') },
      response: { status: 422, body: '{"title":"no"}', headers: typed('application/problem+json') },
      sentences: [
        {
          id: 'body-json-suffix',
          says: 'Content types that end in +json are JSON',
          source: EVENT,
          look: bothBodies,
          expected: { request: { data: [] }, response: { title: 'no' } },
        },
      ],
    },
    {
      name: 'json-numbers',
      request: { body: NUMBERS, headers: JSON_TYPE },
      sentences: [
        {
          id: 'body-json-numbers',
          says: 'Numbers of a JSON body have every digit that was sent',
          source: BODIES,
          look: writtenBody,
          expected: that(NUMBERS, (value) => value === NUMBERS),
        },
      ],
    },
    {
      name: 'json-nested',
      request: { body: DEEP, headers: JSON_TYPE },
      sentences: [
        {
          id: 'body-json-nested',
          says: 'JSON that is 200 levels deep is kept',
          source: BODIES,
          look: ({ event }) => JSON.stringify(event.request.body),
          expected: DEEP,
        },
      ],
    },
    {
      name: 'json-scalar',
      request: { body: '"just a text"', headers: JSON_TYPE },
      response: { body: '42', headers: JSON_TYPE },
      sentences: [
        {
          id: 'body-json-scalar',
          says: 'A JSON body that is a text or a number is kept as such',
          source: EVENT,
          look: bothBodies,
          expected: { request: 'just a text', response: 42 },
        },
      ],
    },
    {
      name: 'json-invalid',
      request: { body: '{"a": 1,, "b"', headers: JSON_TYPE },
      response: { body: '{"unfinished', headers: JSON_TYPE },
      sentences: [
        {
          id: 'body-invalid-json-request',
          says: 'A request body that says JSON and is none can be read from the event, byte for byte',
          source: EVENT,
          look: bytesOf('request'),
          expected: Buffer.from('{"a": 1,, "b"'),
        },
        {
          id: 'body-invalid-json-response',
          says: 'A response body that says JSON and is none can be read from the event, byte for byte',
          source: EVENT,
          look: bytesOf('response'),
          expected: Buffer.from('{"unfinished'),
        },
      ],
    },
    {
      name: 'text-bodies',
      request: { body: TEXT, headers: typed('text/plain; charset=utf-8') },
      response: { body: TEXT, headers: typed('text/html') },
      sentences: [
        {
          id: 'body-text',
          says: 'Text can be read from the event, byte for byte',
          source: EVENT,
          look: ({ event }) => ({
            request: bodyBytes(event.request).toString(),
            response: bodyBytes(event.response).toString(),
          }),
          expected: { request: TEXT, response: TEXT },
        },
      ],
    },
    {
      name: 'form-body',
      request: {
        body: 'user=ada&note=a+b%26c',
        headers: typed('application/x-www-form-urlencoded'),
      },
      sentences: [
        {
          id: 'body-form',
          says: 'A form can be read from the event, byte for byte',
          source: EVENT,
          look: bytesOf('request'),
          expected: Buffer.from('user=ada&note=a+b%26c'),
        },
      ],
    },
    {
      name: 'binary-bodies',
      request: { body: BINARY, headers: typed('application/octet-stream') },
      response: { body: BINARY, headers: typed('image/png') },
      sentences: [
        {
          id: 'body-binary-request',
          says: 'A binary request body can be read from the event, byte for byte',
          source: EVENT,
          look: bytesOf('request'),
          expected: BINARY,
        },
        {
          id: 'body-binary-response',
          says: 'A binary response body can be read from the event, byte for byte',
          source: EVENT,
          look: bytesOf('response'),
          expected: BINARY,
        },
        {
          id: 'body-binary-label',
          says: 'A binary body is labelled base64',
          source: EVENT,
          look: (played) => ({
            request: encodingOf('request')(played),
            response: encodingOf('response')(played),
          }),
          expected: { request: 'base64', response: 'base64' },
        },
      ],
    },
    {
      name: 'gzip-bodies',
      request: {
        body: gzipSync('{"compressed":"request"}'),
        headers: [...JSON_TYPE, ['content-encoding', 'gzip']],
      },
      response: {
        body: gzipSync('{"compressed":"response"}'),
        headers: [...JSON_TYPE, ['content-encoding', 'gzip']],
      },
      sentences: [
        {
          id: 'body-gzip-readable',
          says: 'A compressed body can be read from the event: as JSON, or byte for byte',
          source: EVENT,
          look: ({ event }) => ({
            request: readable(event.request, '{"compressed":"request"}'),
            response: readable(event.response, '{"compressed":"response"}'),
          }),
          expected: { request: 'readable', response: 'readable' },
        },
        {
          id: 'body-gzip-decompressed',
          level: 'full',
          says: 'JSON that is compressed with gzip is decompressed',
          source: BODIES,
          look: bothBodies,
          expected: { request: { compressed: 'request' }, response: { compressed: 'response' } },
        },
      ],
    },
    {
      name: 'many-pieces',
      request: {
        body: Array.from({ length: 40 }, (_, index) => (index === 0 ? '[0' : `,${index}`)).concat(
          ']',
        ),
        headers: JSON_TYPE,
      },
      response: {
        body: ['{"parts":', '[1,2', ',3]', '}'],
        pauseMs: 20,
        headers: JSON_TYPE,
      },
      sentences: [
        {
          id: 'body-pieces-request',
          says: 'A request body that comes in many pieces is whole',
          source: EVENT,
          look: ({ event }) => ({ members: (event.request.body as unknown[]).length }),
          expected: { members: 40 },
        },
        {
          id: 'body-pieces-response',
          says: 'A response body that comes in many pieces is whole',
          source: EVENT,
          look: ({ event }) => event.response?.body,
          expected: { parts: [1, 2, 3] },
        },
      ],
    },
    {
      name: 'bodies-with-trailers',
      request: { body: ['{"a"', ':1}'], headers: JSON_TYPE, trailers: { 'x-sum': '1' } },
      response: { body: ['{"b"', ':2}'], headers: JSON_TYPE, trailers: { 'x-sum': '2' } },
      sentences: [
        {
          id: 'body-trailers-request',
          says: 'A request body that ends with trailers is in the event',
          source: EVENT,
          look: ({ event }) => event.request.body,
          expected: { a: 1 },
        },
        {
          id: 'body-trailers-response',
          says: 'A response body that ends with trailers is in the event',
          source: EVENT,
          look: ({ event }) => event.response?.body,
          expected: { b: 2 },
        },
      ],
    },
    {
      name: 'no-content',
      response: { status: 204, body: '' },
      sentences: [
        {
          id: 'body-none',
          says: 'A response without a body has none in its event',
          source: EVENT,
          look: ({ event }) => event.response?.body,
          expected: ABSENT,
        },
      ],
    },
    {
      name: 'long-bodies',
      request: {
        body: Buffer.alloc(LONG, 'r'),
        headers: typed('application/octet-stream'),
      },
      response: { body: Buffer.alloc(LONG, 's'), headers: typed('application/octet-stream') },
      sentences: [
        {
          id: 'body-long-event-size',
          says: 'The event of an exchange with long bodies is at most 1 MB',
          source: EVENT_SIZE,
          look: ({ raw }) => ({ bytes: raw.length }),
          expected: that('at most 1000000 bytes', ({ bytes }) => bytes <= 1_000_000),
        },
        {
          id: 'body-long-unharmed',
          group: 'robustness',
          says: 'Long bodies pass whole, in both directions',
          source: AS_WITHOUT_FILTER,
          look: ({ answer, arrived }) => ({
            requestBytes: arrived?.bytes ?? 0,
            responseBytes: answer.body.length,
          }),
          expected: { requestBytes: LONG, responseBytes: LONG },
        },
      ],
    },
    ...bodyOptions.exchanges,
  ],
})

/** What an event's body is: that JSON, or the compressed bytes of it, or neither. */
function readable(side: Parameters<typeof bodyBytes>[0], json: string): string {
  const bytes = bodyBytes(side)
  const isReadable = bytes.equals(gzipSync(json)) || bytes.toString() === json
  return isReadable ? 'readable' : 'something else'
}
