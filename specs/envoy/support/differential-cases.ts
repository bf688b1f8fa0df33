import { gzipSync } from 'node:zlib'
import type { DifferentialCase } from './differential-case.ts'

const json = { 'content-type': 'application/json' }
const chunked = { 'transfer-encoding': 'chunked' }
const plainText = { 'content-type': 'text/plain' }
const grpc = { 'content-type': 'application/grpc', te: 'trailers' }
const notUtf8 = new Uint8Array([0x63, 0x61, 0x66, 0xe9, 0x20, 0xff, 0x80, 0x22, 0x5c])
const text = (body: string) => ({ 'content-length': String(body.length), ...plainText })

const complete: DifferentialCase[] = [
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

const broken: DifferentialCase[] = [
  {
    name: 'client leaves before the response',
    broken: 'by client before response',
    script: { request: { path: '/leave' }, response: null },
  },
  {
    name: 'client leaves before the end of its body',
    broken: 'by client before response',
    script: {
      request: { method: 'POST', headers: plainText, body: 'half', unfinished: true },
      response: null,
    },
  },
  {
    name: 'client leaves in the middle of the response',
    broken: 'by client',
    script: {
      response: { headers: { ...plainText, ...chunked }, body: 'half', unfinished: true },
      facts: { codeDetails: 'downstream_remote_disconnect', responseFlags: 16384 },
    },
  },
  {
    name: 'HTTP/2 client resets its stream in the middle of the response',
    over: 'grpc',
    broken: 'by client',
    script: {
      request: {
        method: 'POST',
        path: '/grpc/Left',
        headers: grpc,
        body: Uint8Array.of(0, 0, 0, 0, 0),
      },
      response: {
        headers: { 'content-type': 'application/grpc' },
        body: Uint8Array.of(0, 0, 0, 0, 1, 3),
        unfinished: true,
      },
      facts: { clusterName: 'grpc', codeDetails: 'http2.remote_reset', responseFlags: 268_435_456 },
    },
  },
  {
    name: 'upstream resets in the middle of its response',
    broken: 'by upstream',
    script: {
      response: { headers: { ...plainText, ...chunked }, body: 'half', unfinished: true },
      facts: {
        codeDetails: 'upstream_reset_after_response_started{protocol_error}',
        responseFlags: 8_388_608,
      },
    },
  },
  {
    name: 'upstream resets before its response',
    broken: 'by upstream before response',
    script: {
      request: { method: 'POST', headers: plainText, body: 'hello' },
      response: {
        status: 503,
        localReply: 'by-router',
        body: 'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
        headers: text(
          'upstream connect error or disconnect/reset before headers. reset reason: connection termination',
        ),
      },
      facts: {
        codeDetails: 'upstream_reset_before_response_started{connection_termination}',
        responseFlags: 64,
      },
    },
  },
]

const byEnvoy: DifferentialCase[] = [
  {
    name: 'no Host header',
    script: {
      refusedBeforeFilter: true,
      request: { path: '/hostless', authority: '', headers: { accept: 'text/plain' } },
      response: { status: 400, headers: { connection: 'close' } },
      facts: { codeDetails: 'missing_host_header', clusterName: null },
    },
  },
  {
    name: 'no route',
    listener: 'unrouted',
    script: {
      request: { method: 'POST', body: 'not seen' },
      response: { status: 404, localReply: 'while-decoding' },
      facts: { codeDetails: 'route_not_found', responseFlags: 256, clusterName: null },
    },
  },
  {
    name: 'direct response',
    script: {
      request: { path: '/direct' },
      response: {
        status: 418,
        localReply: 'while-decoding',
        body: 'teapot',
        headers: text('teapot'),
      },
      facts: { codeDetails: 'direct_response', clusterName: null },
    },
  },
  {
    name: 'redirect',
    script: {
      request: { path: '/redirect' },
      response: {
        status: 301,
        localReply: 'while-decoding',
        headers: { location: 'http://api.example.com/elsewhere' },
      },
      facts: { codeDetails: 'direct_response', clusterName: null },
    },
  },
  {
    name: 'no healthy upstream',
    script: {
      request: { path: '/unhealthy' },
      response: {
        status: 503,
        localReply: 'while-decoding',
        body: 'no healthy upstream',
        headers: text('no healthy upstream'),
      },
      facts: { codeDetails: 'no_healthy_upstream', responseFlags: 2, clusterName: 'empty' },
    },
  },
  {
    name: 'refused by a filter behind the plugin',
    listener: 'refused-after',
    script: {
      request: { path: '/secret', headers: { 'x-user-id': 'user-4' } },
      response: {
        status: 403,
        localReply: 'while-decoding',
        body: 'RBAC: access denied',
        headers: text('RBAC: access denied'),
      },
      facts: { codeDetails: 'rbac_access_denied_matched_policy[nobody]' },
    },
  },
  {
    name: 'refused by a filter in front of the plugin',
    listener: 'refused-before',
    script: {
      refusedBeforeFilter: true,
      request: { path: '/secret', headers: { 'x-user-id': 'user-5' } },
      response: { status: 403, headers: text('RBAC: access denied') },
      facts: { codeDetails: 'rbac_access_denied_matched_policy[nobody]' },
    },
  },
]

export const cases: readonly DifferentialCase[] = [...complete, ...broken, ...byEnvoy]
