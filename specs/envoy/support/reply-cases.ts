import type { HostCase } from './host-case.ts'
import { callThenHold, onAnswer, onTick, logReply } from './script-steps.ts'

/** proxy_send_local_response. */
export const replies: HostCase[] = [
  {
    name: 'a reply while decoding headers',
    script: ['request_headers reply 403 denied x-why=no gone_off', ...logReply],
    body: ['one'],
    holds: 'request',
  },
  {
    name: 'two replies in one callback',
    script: [
      'request_headers reply 403 first - one',
      'request_headers reply 401 second - two',
      ...logReply,
    ],
  },
  { name: 'a reply without a body', script: ['request_headers reply 204', ...logReply] },
  {
    name: 'a reply with a malformed map',
    script: ['request_headers reply 403 denied malformed', ...logReply],
  },
  {
    name: 'a reply with headers of its own',
    script: [
      'request_headers reply 403 {} content-type=application/json,content-length=99,x-a=1,x-a=2 d',
      ...logReply,
    ],
  },
  {
    name: 'a reply to gRPC',
    script: ['request_headers reply 403 denied x-a=1 - 7', ...logReply],
    headers: { 'content-type': 'application/grpc', te: 'trailers' },
    body: ['one'],
    holds: 'request',
  },
  {
    name: 'a reply to gRPC without a status of its own',
    script: ['request_headers reply 429 slow_down', ...logReply],
    headers: { 'content-type': 'application/grpc', te: 'trailers' },
  },
  {
    name: 'a reply while decoding a body',
    script: ['request_body reply 413 big', ...logReply],
    body: ['one'],
  },
  {
    name: 'a reply while decoding trailers',
    script: ['request_trailers reply 403 no', ...logReply],
    body: ['one'],
    trailers: { t: '1' },
  },
  {
    name: 'a reply from the answer of a call',
    script: [...callThenHold, ...onAnswer('reply 403 no'), ...logReply],
    body: ['one'],
    holds: 'request',
  },
  ...[0, 99, 100, 199, 204, 304, 999, 1000].flatMap((status): HostCase[] => [
    {
      name: `a reply with status ${status} and a body`,
      script: [`request_headers reply ${status} text`, ...logReply],
    },
    {
      name: `a reply with status ${status}, which the filter itself writes`,
      script: [`response_headers set 2 :status ${status}`, ...logReply],
      response: {},
    },
  ]),
  ...[204, 304].map((status): HostCase => ({
    name: `a reply with status ${status} and a body over HTTP/1.1`,
    script: [`request_headers reply ${status} text`],
    limited: true,
  })),
  {
    name: 'a reply that the filter itself changes',
    script: [
      'request_headers reply 403 no',
      'response_headers set 2 x-b 1',
      'response_headers set 2 :status 418',
      'log pairs 2',
      'log property response.code',
    ],
  },
  {
    name: 'a reply that the filter itself holds',
    script: [
      'request_headers reply 403 no',
      'response_headers return 1',
      'response_headers tick 10',
      ...onTick('continue 1'),
    ],
  },
  {
    name: 'a reply while encoding headers',
    script: ['response_headers reply 502 changed x-a=b', ...logReply],
    response: { body: ['one'] },
    holds: 'response',
  },
  {
    name: 'a reply while the response is held',
    script: [
      'response_headers return 1',
      'response_headers tick 10',
      ...onTick('reply 502 changed'),
      'log property response.code',
    ],
    response: { body: ['one'] },
    holds: 'response',
  },
  {
    name: 'a reply when the response has begun to leave',
    script: ['response_body reply 502 changed', ...logReply],
    response: { body: ['one'] },
  },
]

/** proxy_close_stream. */
export const closing: HostCase[] = [
  {
    name: 'a stream closed while decoding headers',
    script: [
      'request_headers close 0',
      'log property response.code',
      'log property response.code_details',
    ],
  },
  {
    name: 'a stream closed while encoding headers',
    script: [
      'response_headers close 1',
      'log property response.code',
      'log property response.code_details',
    ],
    response: {},
  },
]
