import type { HostCase } from './host-case.ts'

/**
 * Each host function in each callback of a stream that has all of them, and in those of the root context. A call in a callback
 * that Envoy does not bear is left out: continue_stream and close_stream where nothing is held, a second local reply while a
 * response is encoded, and any local reply in on_log end its process.
 */
const callbacks = [
  'request_body',
  'request_trailers',
  'response_headers',
  'response_body',
  'response_trailers',
  'log',
  'done',
  'delete',
]

const everyType = (verb: string, rest = '', last = 9): string[] =>
  Array.from({ length: last + 1 }, (_, type) => `${verb} ${type}${rest}`)

const calls: Record<string, string[]> = {
  'header maps': everyType('pairs'),
  'one header': everyType('get', ' nothing'),
  ':status and :path': [...everyType('get', ' :status', 7), ...everyType('get', ' :path', 7)],
  'sizes of maps': everyType('size'),
  'adding a header': everyType('add', ' x-a 1'),
  'replacing a header': everyType('set', ' x-a 1'),
  'removing a header': everyType('remove', ' x-a'),
  buffers: everyType('body', ' 0', 10),
  'the rest of a buffer': [
    'body 0 2 1',
    'body 0 100 1',
    'body 1 0 4294967295',
    'body 1 1 4294967295',
  ],
  'sizes of buffers': everyType('bodystatus', '', 10),
  'changing a buffer': everyType('setbody', ' 0 0 x', 10),
  'unknown types of streams': [
    'continue 2',
    'continue 3',
    'continue 4',
    'close 2',
    'close 3',
    'close 4',
  ],
  'calls that cannot be made': [
    'call nowhere',
    'call upstream :method=GET,:path=/called',
    'call upstream malformed',
  ],
  'properties of the request': [
    'request.path',
    'request.url_path',
    'request.query',
    'request.host',
    'request.scheme',
    'request.method',
    'request.protocol',
    'request.headers.x-nothing',
    'request.nothing',
    'request.duration',
  ].map((path) => `property ${path}`),
  'properties of the response': [
    'response.code',
    'response.code_details',
    'response.flags',
    'response.grpc_status',
    'response.headers.rs',
    'response.trailers.rt',
    'response.nothing',
  ].map((path) => `property ${path}`),
  'other properties': [
    '-',
    'nothing',
    'upstream.request_attempt_count',
    'connection.mtls',
    'connection.requested_server_name',
    'connection.tls_version',
    'metadata',
    'xds.route_name',
    'xds.cluster_name',
    'xds.listener_direction',
    'plugin_name',
    'plugin_root_id',
    'plugin_vm_id',
    'route_name',
    'cluster_name',
    'listener_direction',
    'source.nothing',
  ].map((path) => `property ${path}`),
  'whole maps as properties': [
    'request.headers',
    'response.headers',
    'response.trailers',
    'request.trailers',
    'request.headers.x-nothing',
    'response.headers.x-nothing',
    'response.trailers.x-nothing',
  ].map((path) => `property ${path}`),
  'objects as properties': [
    'request',
    'response',
    'connection',
    'source',
    'destination',
    'upstream',
    'xds',
    'filter_state',
    'node',
    'cluster_metadata',
    'request.path.x',
    'setproperty request shadow',
    'property request',
  ].map((path) => (path.includes(' ') ? path : `property ${path}`)),
  'properties of the upstream and of xDS': [
    'upstream.port',
    'upstream.transport_failure_reason',
    'upstream.locality',
    'upstream.tls_version',
    'upstream.nothing',
    'connection.termination_details',
    'connection.transport_failure_reason',
    'connection.subject_peer_certificate',
    'xds.virtual_host_name',
    'xds.filter_chain_name',
    'xds.cluster_metadata',
    'xds.listener_metadata',
    'xds.route_metadata',
    'xds.upstream_host_metadata',
    'xds.nothing',
  ].map((path) => `property ${path}`),
  'properties that a filter sets': [
    'setproperty a 1',
    'property a',
    'setproperty b.c 2',
    'property b.c',
    'property b',
    'setproperty request.path /shadow',
    'setproperty plugin_name shadow',
    'property plugin_name',
  ],
  'status of the last call': ['status'],
  'logs and clocks': ['level', 'time', 'log 6 beyond_the_levels'],
  metrics: [
    'metric 0 counter',
    'metric 1 gauge',
    'metric 2 histogram',
    'metric 3 nothing',
    'badmetric 400',
    'badmetric 401',
    'badmetric 402',
    'badmetric 403',
  ],
  'shared data and queues': ['shared key', 'queue q'],
  'gRPC that was never begun': ['grpc 0', 'grpc 1', 'grpc 2', 'grpc 3'],
  'foreign functions': ['foreign nothing abc', 'foreign compress abc', 'foreign uncompress abc'],
  contexts: ['effective 0', 'effective 9999999', 'done'],
}

const body = ['first', 'second']

/** One exchange for each group, which has every callback, one after the other: those of the root while the request is held. */
export const everyCall: HostCase[] = Object.entries(calls).map(([name, steps]) => {
  const inEach = (callback: string) => steps.map((step) => `${callback}#1 ${step}`)
  return {
    name: `${name} in every callback`,
    script: [
      ...inEach('request_headers'),
      'request_headers tick 5',
      'request_headers return 1',
      'tick tick 0',
      ...inEach('tick'),
      'tick effective stream',
      'tick call upstream',
      ...inEach('http_call_response'),
      'http_call_response effective stream',
      ...inEach('http_call_response'),
      // One of the steps may have chosen another.
      'http_call_response effective stream',
      'http_call_response continue 0',
      ...callbacks.flatMap(inEach),
    ],
    body,
    trailers: { rqt: '1' },
    response: { body, trailers: { rt: '1' } },
    holds: 'request',
  }
})
