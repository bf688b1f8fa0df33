import type { HostCase } from './host-case.ts'
import { callThenHold, onAnswer, onTick, ofACall } from './script-steps.ts'

/** Pausing, holding back, going on. */
export const holding: HostCase[] = [
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
export const changingWhatIsHeld: HostCase[] = [
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
