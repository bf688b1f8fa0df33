import type { DifferentialCase } from '../differential-case.ts'
import { chunked, grpc, plainText, text } from './headers.ts'

/** Exchanges that one of their ends breaks off. */
export const broken: DifferentialCase[] = [
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
