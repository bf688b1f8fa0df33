export const callThenHold = ['request_headers call upstream', 'request_headers return 1']
export const onAnswer = (...steps: string[]) =>
  ['effective stream', ...steps].map((step) => `http_call_response ${step}`)
export const onTick = (...steps: string[]) =>
  ['tick 0', 'effective stream', ...steps].map((step) => `tick ${step}`)
export const logReply = [
  'response_headers pairs 2',
  'response_body body 1 0',
  'log property response.code',
  'log property response.code_details',
  'log pairs 2',
]

/** All that can be asked about a call. */
export const ofACall = [
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
