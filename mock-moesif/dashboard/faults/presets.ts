import type { FaultSpec } from '#mock-moesif/client/index.ts'

/** What is counted is counted in batches: the rules and the configuration that a gateway reads meanwhile would use it up. */
const route = '*/v1/events*'

/** What goes wrong with collectors in practice, one press each. */
export const presets: { title: string; what: string; spec: FaultSpec }[] = [
  { title: 'Outage', what: 'answer 503 until removed', spec: { status: 503 } },
  { title: 'Blip', what: '503 for the next 3 batches', spec: { route, status: 503, remaining: 3 } },
  {
    title: 'Rate limit',
    what: '429 with Retry-After 2, next 5 batches',
    spec: { route, status: 429, retryAfter: 2, remaining: 5 },
  },
  { title: 'Wrong key', what: 'answer 401 until removed', spec: { status: 401 } },
  {
    title: 'Too large',
    what: '413 for the next batch',
    spec: { route, status: 413, remaining: 1 },
  },
  { title: 'Slow', what: 'wait 1 to 3 s', spec: { delayMs: [1000, 3000] } },
  {
    title: 'Flaky',
    what: 'reset 30 % after reading',
    spec: { connection: 'reset-after-read', probability: 0.3 },
  },
  {
    title: 'Silence',
    what: 'never answer the next 2 batches',
    spec: { route, connection: 'no-response', remaining: 2 },
  },
]
