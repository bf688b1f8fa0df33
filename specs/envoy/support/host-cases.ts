import { LIMIT, type HostCase } from './host-case.ts'
import { changingWhatIsHeld, holding } from './holding-cases.ts'
import { closing, replies } from './reply-cases.ts'
import { logReply } from './script-steps.ts'

/** Headers and bodies that a filter changes. */
const changing: HostCase[] = [
  {
    name: 'headers changed both ways',
    script: [
      'request_headers add 0 x-a 1',
      'request_headers add 0 x-a 2',
      'request_headers set 0 :path /changed',
      'request_headers remove 0 x-b',
      'request_headers size 0',
      'response_headers set 2 x-c 2',
      'response_headers set 2 :status 201',
      'log pairs 0',
      'log pairs 2',
      'log property response.code',
      'log property request.path',
    ],
    headers: { 'x-b': 'b' },
  },
  {
    name: 'all headers replaced',
    script: [
      'request_headers setpairs 0 :path=/a-new-path,:method=GET,:authority=h,:scheme=http,x-forwarded-proto=http,x-new=1',
      'log pairs 0',
    ],
  },
  {
    name: 'a body changed in its parts',
    script: [
      'request_headers setbody 0 0 0 early',
      'request_body#1 setbody 0 0 0 front',
      'request_body#1 body 0 0',
      'request_body#1 setbody 0 1 1 middle',
      'request_body#1 setbody 0 0 2 part',
      'request_body#1 setbody 0 100 0 end',
      'request_body#1 body 0 0',
      'request_body#1 bodystatus 0',
      'request_body#1 setbody 1 0 0 other',
      'request_body#2 setbody 0 0 100 -',
    ],
    body: ['one', 'two', ''],
  },
  {
    name: 'trailers added at the end of a body',
    script: [
      'request_body#1 add 1 x-t 1',
      'request_body#2 size 1',
      'request_body#2 add 1 x-t 2',
      'response_body#1 add 3 x-u 1',
      'response_body#2 add 3 x-u 2',
      'log pairs 3',
    ],
    body: ['one', ''],
    response: { body: ['two', ''] },
  },
]

/** Traps, under each policy, and the request after. FAIL_RELOAD takes its time: it is shown in the emulator only. */
const failing: HostCase[] = (['FAIL_CLOSED', 'FAIL_OPEN', 'fail_open'] as const).flatMap(
  (failure) =>
    ['request_headers', 'request_body', 'response_headers', 'response_body', 'log'].map(
      (callback) => ({
        name: `a trap in ${callback} under ${failure}`,
        failure,
        script: [`${callback} trap`],
        body: ['one'],
        response: { body: ['two'] },
      }),
    ),
)

/** Properties that no case with all callbacks can have. */
const properties: HostCase[] = [
  {
    name: 'properties of the connection to the upstream',
    // In the callbacks of the request they depend on whether a connection was open already.
    script: ['response_headers', 'response_body', 'log', 'done'].flatMap((callback) =>
      ['upstream.local_address', 'upstream_filter_state'].map(
        (path) => `${callback} property ${path}`,
      ),
    ),
    response: { body: ['x'] },
  },
  {
    name: 'properties where there is no upstream',
    script: [
      'request_headers reply 403 no',
      ...['response_headers', 'response_body', 'log'].flatMap((callback) =>
        [
          'upstream',
          'upstream.address',
          'upstream.port',
          'upstream.local_address',
          'upstream.transport_failure_reason',
          'upstream.locality',
          'upstream_filter_state',
          'xds.upstream_host_metadata',
          'request.headers',
          'response.headers',
          'response.trailers',
        ].map((path) => `${callback} property ${path}`),
      ),
    ],
  },
]

const most = 'x'.repeat(LIMIT - 300)

/** Bodies that a filter holds beyond what Envoy keeps for it. */
const overflowing: HostCase[] = [
  {
    name: 'a request that is held beyond the limit',
    script: ['request_body return 1', ...logReply],
    limited: true,
    body: [most, most],
  },
  {
    name: 'a request that is let go when it is beyond the limit',
    script: ['request_body#1 return 1', ...logReply],
    limited: true,
    body: [most, most],
  },
  {
    name: 'a request that is held within the limit',
    script: ['request_body#1 return 1'],
    limited: true,
    body: [most],
    response: { status: 204 },
  },
  {
    name: 'a response that is held beyond the limit',
    script: ['response_body return 1', 'log property response.code_details'],
    limited: true,
    response: { body: [most, most, most] },
  },
]

export const hostCases: HostCase[] = [
  ...holding,
  ...changingWhatIsHeld,
  ...replies,
  ...closing,
  ...changing,
  ...properties,
  ...failing,
  ...overflowing,
]
