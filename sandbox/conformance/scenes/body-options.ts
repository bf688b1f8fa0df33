import { isDeepStrictEqual } from 'node:util'
import { gzipSync } from 'node:zlib'
import { ABSENT, that } from '../expectation.ts'
import { promise } from '../sources.ts'
import { bytesOf, JSON_TYPE, typed } from './body-bytes.ts'
import type { ExchangeScene } from './exchange-scene.ts'

const BODIES = promise('events', 'Bodies')

/** What options leave out of bodies: listeners and exchanges of the scene `bodies`. */
export const bodyOptions: Pick<ExchangeScene, 'listeners' | 'exchanges'> = {
  listeners: {
    limits: {
      options: { request_max_body_size_limit: 100, response_max_body_size_limit: 100 },
    },
    'no-bodies': {
      options: { disable_capture_request_body: true, disable_capture_response_body: true },
    },
    'json-only': { options: { capture_body_content_types: ['application/json'] } },
    compressed: { options: { disable_body_decompression: true } },
  },
  exchanges: [
    {
      name: 'over-the-limit',
      listener: 'limits',
      request: { body: `{"long":"${'x'.repeat(200)}"}`, headers: JSON_TYPE },
      response: { body: `{"long":"${'y'.repeat(200)}"}`, headers: JSON_TYPE },
      sentences: [
        {
          id: 'body-limit-request',
          level: 'full',
          says: 'A request body longer than request_max_body_size_limit is left out, with reason and length',
          source: BODIES,
          look: ({ event }) => event.request.body,
          expected: {
            msg: 'body left out: longer than request_max_body_size_limit',
            length: 211,
          },
        },
        {
          id: 'body-limit-response',
          level: 'full',
          says: 'A response body longer than response_max_body_size_limit is left out, with reason and length',
          source: BODIES,
          look: ({ event }) => event.response?.body,
          expected: {
            msg: 'body left out: longer than response_max_body_size_limit',
            length: 211,
          },
        },
      ],
    },
    {
      name: 'switched-off',
      listener: 'no-bodies',
      request: { body: '{"a":1}', headers: JSON_TYPE },
      response: { body: '{"b":2}', headers: JSON_TYPE },
      sentences: [
        {
          id: 'body-disabled-request',
          level: 'full',
          says: 'disable_capture_request_body leaves request bodies out',
          source: BODIES,
          look: ({ event }) => event.request.body,
          expected: ABSENT,
        },
        {
          id: 'body-disabled-response',
          level: 'full',
          says: 'disable_capture_response_body leaves response bodies out',
          source: BODIES,
          look: ({ event }) => event.response?.body,
          expected: ABSENT,
        },
      ],
    },
    {
      name: 'by-type',
      listener: 'json-only',
      request: { body: '{"a":1}', headers: JSON_TYPE },
      response: { body: '<p>', headers: typed('text/html') },
      sentences: [
        {
          id: 'body-content-types',
          level: 'full',
          says: 'capture_body_content_types captures bodies of these types and no others',
          source: BODIES,
          look: ({ event }) => ({ request: event.request.body, response: event.response?.body }),
          expected: that(
            'request: {"a": 1}, response: a msg that names capture_body_content_types',
            ({ request, response }) =>
              isDeepStrictEqual(request, { a: 1 }) &&
              String(response?.msg).includes('capture_body_content_types'),
          ),
        },
      ],
    },
    {
      name: 'left-compressed',
      listener: 'compressed',
      response: {
        body: gzipSync('{"a":1}'),
        headers: [...JSON_TYPE, ['content-encoding', 'gzip']],
      },
      sentences: [
        {
          id: 'body-decompression-off',
          level: 'full',
          says: 'disable_body_decompression leaves compressed bodies as they are, in base64',
          source: BODIES,
          look: bytesOf('response'),
          expected: gzipSync('{"a":1}'),
        },
      ],
    },
  ],
}
