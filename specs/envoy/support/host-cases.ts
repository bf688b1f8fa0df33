import { LIMIT, type HostCase } from './host-case.ts'

const callThenHold = ['request_headers call upstream', 'request_headers return 1']
const onAnswer = (...steps: string[]) =>
  ['effective stream', ...steps].map((step) => `http_call_response ${step}`)
const onTick = (...steps: string[]) =>
  ['tick 0', 'effective stream', ...steps].map((step) => `tick ${step}`)
const logReply = [
  'response_headers pairs 2',
  'response_body body 1 0',
  'log property response.code',
  'log property response.code_details',
  'log pairs 2',
]

/** All that can be asked about a call. */
const ofACall = [
  'status',
  'pairs 6',
  'get 6 :status',
  'size 6',
  'pairs 7',
  'get 7 x',
  'body 4 0',
  'bodystatus 4',
  'setbody 4 0 0 x',
]

/** Pausing, holding back, going on. */
const holding: HostCase[] = [
  {
    name: 'a request held for the answer of a call',
    script: [
      ...callThenHold,
      ...onAnswer('pairs 0', 'body 4 0', 'get 6 :status', 'add 0 x-added 1', 'continue 0'),
      'http_call_response pairs 0',
      'request_body body 0 0',
      'log get 0 x-added',
    ],
    body: ['onetwo'],
    response: { body: ['three'] },
    holds: 'request',
  },
  {
    name: 'a call that is reset, and what is left of it',
    callsAreReset: true,
    script: [
      ...callThenHold,
      ...ofACall.map((step) => `http_call_response ${step}`),
      'http_call_response effective stream',
      ...ofACall.map((step) => `http_call_response ${step}`),
      ...ofACall.map((step) => `log ${step}`),
      'http_call_response continue 0',
      'http_call_response status',
      'response_headers status',
    ],
  },
  {
    name: 'a request held until a tick',
    script: [
      'request_headers tick 10',
      'request_headers return 1',
      'tick pairs 0',
      ...onTick('add 0 x-added 1', 'property request.host', 'continue 0'),
    ],
  },
  { name: 'headers answered with 2', script: ['request_headers return 2'], body: ['one'] },
  ...[3, 4, 7].map((action): HostCase => ({
    name: `headers answered with ${action}`,
    script: [`request_headers return ${action}`],
    body: ['one'],
    holds: 'request',
    leavesAt: 'request_headers 0',
  })),
  ...[1, 2, 3, 4].map((action): HostCase => ({
    name: `body chunks answered with ${action}`,
    script: [
      `request_body#1 return ${action}`,
      `request_body#2 return ${action}`,
      'request_body body 0 0',
      'request_body bodystatus 0',
    ],
    body: ['one', 'two', 'three', ''],
  })),
  {
    name: 'a whole body held to its end, then replaced',
    script: [
      'response_body#1 return 1',
      'response_body#2 return 1',
      'response_body#3 body 1 0',
      'response_body#3 setbody 1 0 100 replaced',
    ],
    response: { body: ['one', 'two', ''] },
  },
  {
    name: 'a held body that trailers let go',
    script: ['request_body return 1', 'request_trailers body 0 0', 'request_trailers add 1 u 2'],
    body: ['one', 'two'],
    trailers: { t: '1' },
  },
  {
    name: 'trailers held for the answer of a call',
    script: [
      'request_trailers call upstream',
      'request_trailers return 1',
      ...onAnswer('pairs 1', 'add 1 x-added 1', 'continue 0'),
    ],
    body: ['one'],
    trailers: { t: '1' },
    response: { body: ['r'], trailers: { rt: '2' } },
  },
  {
    name: 'a response held for the answer of a call',
    script: [
      'response_headers call upstream',
      'response_headers return 1',
      ...onAnswer('add 2 x-added 1', 'continue 1', 'get 2 x-added'),
      'log get 2 x-added',
    ],
    response: { body: ['onetwo'] },
    holds: 'response',
  },
  {
    name: 'a request that goes on within the callback that holds it',
    script: ['request_headers continue 0', 'request_headers return 1'],
    body: ['one'],
    holds: 'request',
    leavesAt: '  continue 0 -> 0',
  },
  {
    name: 'a client that leaves while its request is held',
    script: [
      'request_headers return 1',
      'log get 0 :path',
      'log property response.code',
      'log property response.flags',
    ],
    leavesAt: 'request_headers 1',
  },
]

/** A script that holds the first chunk (`action`), and does `steps` from a tick. */
const heldBody = (side: 'request' | 'response', action: number, ...steps: string[]): string[] => [
  `${side}_body#1 return ${action}`,
  `${side}_body#1 tick 10`,
  ...onTick(...steps),
]

/** What a filter can do to a body that it holds, when no callback shows it. */
const changingWhatIsHeld: HostCase[] = [
  ...(['request', 'response'] as const).flatMap((side, type): HostCase[] => {
    const of = (body: string[], trailers?: Record<string, string>) => {
      const message = { body, ...(trailers && { trailers }) }
      return side === 'request' ? { ...message, response: {} } : { response: message }
    }
    const edits = [
      `body ${type} 0`,
      `setbody ${type} 0 0 late`,
      `setbody ${type} 0 1 L`,
      `setbody ${type} 100 0 end`,
      `setbody ${type} 1 1 -`,
      `body ${type} 0`,
      `bodystatus ${type}`,
    ]
    const again = [`body ${type} 0`, `setbody ${type} 0 0 more`, `body ${type} 0`]
    return [
      {
        name: `a ${side} body that is held in one callback and changed from a tick`,
        script: heldBody(side, 1, ...edits, `continue ${type}`),
        ...of(['one']),
      },
      {
        name: `a ${side} body that is held in two callbacks and changed from a tick`,
        script: [
          `${side}_body#1 return 2`,
          `${side}_body#2 return 1`,
          `${side}_body#2 tick 10`,
          ...onTick(...edits, `continue ${type}`),
        ],
        ...of(['one', 'two']),
      },
      {
        name: `a ${side} body that is held with its trailers and changed from a tick`,
        script: [
          `${side}_body return 1`,
          `${side}_trailers return 1`,
          `${side}_trailers tick 10`,
          ...onTick(...edits, `continue ${type}`),
        ],
        ...of(['one'], { t: '1' }),
      },
      {
        name: `a ${side} body that is held and changed from the answer of a call`,
        script: [
          `${side}_body#1 return 1`,
          `${side}_body#1 call upstream`,
          ...onAnswer(...edits, `continue ${type}`),
        ],
        ...of(['one']),
      },
      {
        name: `a ${side} body that is changed after it was let go`,
        script: [
          ...heldBody(side, 1, `continue ${type}`, ...again),
          ...again.map((step) => `log ${step}`),
        ],
        ...of(['one']),
      },
    ]
  }),
  ...[2, 3, 4].map((action): HostCase => {
    const steps = ['body 0 0', 'setbody 0 0 0 late', 'setbody 0 0 1 L', 'body 0 0', 'bodystatus 0']
    return {
      name: `a request body that is changed after a chunk was answered with ${action}`,
      script: heldBody('request', action, ...steps, 'continue 0', 'body 0 0', 'setbody 0 0 0 x'),
      body: ['one'],
    }
  }),
]

/** proxy_send_local_response. */
const replies: HostCase[] = [
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
const closing: HostCase[] = [
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
