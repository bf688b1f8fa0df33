import { gzipSync } from 'node:zlib'
import type { DifferentialCase } from '../differential-case.ts'
import { chunked, grpc, json, plainText } from './headers.ts'

const notUtf8 = new Uint8Array([0x63, 0x61, 0x66, 0xe9, 0x20, 0xff, 0x80, 0x22, 0x5c])

/** Exchanges that reach their end. */
export const complete: DifferentialCase[] = [
  {
    name: 'GET without bodies',
    script: { request: { path: '/a?b=c&d=%20"e"' }, response: {} },
  },
  {
    name: 'POST of JSON',
    script: {
      request: { method: 'POST', path: '/things', headers: json, body: '{"a": [1, 2]}' },
      response: { status: 201, headers: json, body: '{"id": 7}' },
    },
  },
  {
    name: 'body that only claims to be JSON',
    script: {
      request: { method: 'PUT', headers: json, body: '{"a": ' },
      response: { status: 400, headers: plainText, body: 'Bad "JSON"\n' },
    },
  },
  {
    name: 'chunked both ways',
    script: {
      request: { method: 'POST', headers: { ...json, ...chunked }, body: ['{"a"', ':1', '}'] },
      response: { headers: { ...json, ...chunked }, body: ['[1', ',2]'] },
    },
  },
  {
    name: 'chunked but empty',
    script: {
      request: { method: 'POST', headers: chunked, body: '' },
      response: { headers: chunked, body: '' },
    },
  },
  {
    name: 'repeated and empty headers',
    script: {
      request: {
        headers: { accept: ['text/html', 'text/plain'], cookie: ['a=1', 'b=2'], 'x-empty': '' },
      },
      response: { headers: { 'set-cookie': ['a=1; Path=/', 'b=2'], vary: ['accept', 'origin'] } },
    },
  },
  {
    name: 'headers of the client, user and trace',
    script: {
      request: {
        headers: {
          'x-forwarded-for': '203.0.113.7, 10.0.0.1',
          'x-user-id': 'user-1',
          'x-company-id': 'company-1',
          traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
        },
      },
      response: {},
      facts: { sourceAddress: '10.0.0.1:0' },
    },
  },
  {
    name: 'header values that are not UTF-8',
    script: {
      request: { headers: { 'x-user-id': notUtf8, 'x-note': notUtf8 } },
      response: { headers: { 'x-note': notUtf8 } },
    },
  },
  {
    name: '200 headers',
    script: {
      request: {
        headers: Object.fromEntries(
          Array.from({ length: 200 }, (_, index) => [`x-header-${index}`, `value ${index}`]),
        ),
      },
      response: {},
    },
  },
  {
    name: 'body of bytes',
    script: {
      request: { method: 'POST', body: Uint8Array.from({ length: 256 }, (_, byte) => byte) },
      response: { headers: { 'content-type': 'image/png' }, body: notUtf8 },
    },
  },
  {
    name: 'compressed body',
    script: {
      response: {
        headers: { ...json, 'content-encoding': 'gzip' },
        body: gzipSync('{"compressed": true}'),
      },
    },
  },
  {
    name: 'bodies near and past the limit',
    script: {
      request: { method: 'POST', headers: plainText, body: 'q'.repeat(99_999) },
      response: { headers: plainText, body: 'r'.repeat(150_000) },
    },
  },
  {
    name: 'HEAD',
    script: {
      request: { method: 'HEAD' },
      response: { headers: { 'content-length': '1234', ...plainText } },
    },
  },
  {
    name: '204 without content',
    script: { request: { method: 'DELETE' }, response: { status: 204 } },
  },
  {
    name: '304 not modified',
    script: { response: { status: 304, headers: { etag: '"7"' } } },
  },
  {
    name: '100-continue',
    script: {
      request: { method: 'POST', headers: { expect: '100-continue', ...plainText }, body: 'go on' },
      response: {},
    },
  },
  {
    name: 'slow answer',
    script: { response: { headers: plainText, body: 'at last' }, durationMs: 300 },
  },
  {
    name: 'HTTP/1.1 trailers',
    listener: 'trailers',
    script: {
      request: {
        method: 'POST',
        headers: { ...json, ...chunked },
        body: '{}',
        trailers: { 'x-sum': '1' },
      },
      response: { headers: { ...json, ...chunked }, body: '[]', trailers: { 'x-sum': '2' } },
    },
  },
  {
    name: 'HTTP/2 GET',
    over: 'http2',
    script: { request: { path: '/h2?x=1', headers: { 'x-user-id': 'user-2' } }, response: {} },
  },
  {
    name: 'HTTP/2 POST',
    over: 'http2',
    script: {
      request: { method: 'POST', headers: json, body: ['{"h":', '2}'] },
      response: { headers: json, body: '{"ok":true}' },
    },
  },
  {
    name: 'gRPC, unary',
    over: 'grpc',
    script: {
      request: {
        method: 'POST',
        path: '/grpc/Say',
        headers: grpc,
        body: Uint8Array.of(0, 0, 0, 0, 1, 7),
      },
      response: {
        headers: { 'content-type': 'application/grpc' },
        body: Uint8Array.of(0, 0, 0, 0, 2, 8, 9),
        trailers: { 'grpc-status': '0', 'grpc-message': 'fine' },
      },
      facts: { clusterName: 'grpc' },
    },
  },
  {
    name: 'gRPC, streaming, that fails',
    over: 'grpc',
    script: {
      request: {
        method: 'POST',
        path: '/grpc/Stream',
        headers: grpc,
        body: [Uint8Array.of(0, 0, 0, 0, 1, 1), Uint8Array.of(0, 0, 0, 0, 1, 2)],
      },
      response: {
        headers: { 'content-type': 'application/grpc' },
        body: [Uint8Array.of(0, 0, 0, 0, 1, 3), Uint8Array.of(0, 0, 0, 0, 1, 4)],
        trailers: { 'grpc-status': '13' },
      },
      facts: { clusterName: 'grpc' },
    },
  },
  {
    name: 'gRPC, trailers only',
    over: 'grpc',
    script: {
      request: {
        method: 'POST',
        path: '/grpc/None',
        headers: grpc,
        body: Uint8Array.of(0, 0, 0, 0, 0),
      },
      response: { headers: { 'content-type': 'application/grpc', 'grpc-status': '12' } },
      facts: { clusterName: 'grpc' },
    },
  },
  {
    name: 'WebSocket',
    over: 'websocket',
    script: {
      request: { headers: { connection: 'upgrade', upgrade: 'websocket' }, body: 'ping' },
      response: {
        status: 101,
        headers: { connection: 'upgrade', upgrade: 'websocket' },
        body: 'pong',
      },
      facts: { codeDetails: 'downstream_remote_disconnect', responseFlags: 16384 },
    },
  },
  {
    name: 'request that the route rewrites',
    script: {
      request: {
        path: '/rewritten/things?q=1',
        headers: { 'x-user-id': 'user-3' },
        routed: {
          ':path': '/v2/things?q=1',
          ':authority': 'internal.local',
          'x-user-id': null,
          authorization: 'Bearer injected',
          'x-envoy-original-path': '/rewritten/things?q=1',
        },
      },
      response: {},
    },
  },
]
