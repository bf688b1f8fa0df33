import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultSpec } from '#mock-moesif/index.ts'
import { until } from '../../until.ts'
import { that } from '../expectation.ts'
import { AS_WITHOUT_FILTER, ERRORS, IDEMPOTENCY, promise } from '../sources.ts'
import type { Source } from '../sentence.ts'
import { type Case, caseScene, EVERY, type Outcome, repeated, without } from './case-scene.ts'

const PROMISED = promise('delivery', 'Guarantees')
const DELIVERED = promise('delivery', 'How an event is delivered')

const SENT = 6
const BATCHES = '/v1/events/*'

const answered = ({ answers }: Outcome) => ({
  answered: answers.filter(({ status }) => status === 200).length,
})

/** Events are delivered although the collector fails like this at first. */
function survives(
  id: string,
  what: string,
  fault: Omit<FaultSpec, 'applicationId' | 'route'>,
  { source = ERRORS, options = {} }: { source?: Source; options?: Record<string, unknown> } = {},
): Case {
  return {
    options,
    faults: [fault],
    sends: SENT,
    sentences: [
      {
        id: `fault-${id}`,
        says: `No event is lost when the collector ${what}`,
        source,
        look: ({ events }) => without(events, SENT),
        expected: EVERY,
      },
    ],
  }
}

/** A collector in trouble. */
export const faults = caseScene({
  name: 'faults',
  group: 'delivery under faults',
  level: 'drop-in',
  envoy: { clusters: [{ name: 'nobody', url: [] }] },
  cases: {
    'fault-500': survives('500', 'answers 500 twice', { status: 500, remaining: 2 }),
    'fault-502': survives('502', 'answers 502', { status: 502, remaining: 1 }),
    'fault-503': survives('503', 'answers 503 twice', { status: 503, remaining: 2 }),
    'fault-429': survives('429', 'answers 429', { status: 429, remaining: 1 }),
    'fault-408': survives(
      '408',
      'answers 408',
      { status: 408, remaining: 1 },
      { source: PROMISED },
    ),
    'fault-reset-before': survives(
      'reset-before-read',
      'resets the connection before it reads',
      { connection: 'reset-before-read', remaining: 2 },
      { source: PROMISED },
    ),
    'fault-half': survives(
      'half-answer',
      'answers by half',
      { connection: 'half-response', remaining: 1 },
      { source: PROMISED },
    ),
    'fault-silent': survives(
      'silent',
      'does not answer within connection_timeout',
      { connection: 'no-response', remaining: 1 },
      { source: PROMISED, options: { connection_timeout: 800 } },
    ),
    'fault-413': survives(
      'too-large',
      'answers 413 to a batch',
      { status: 413, remaining: 1 },
      { source: PROMISED },
    ),
    'fault-away': {
      sends: SENT,
      play: async (listener) => {
        await listener.application.faults.add({ connection: 'reset-before-read', route: BATCHES })
        const answers = await listener.sendMany('fault-away', SENT)
        await sleep(2_000)
        await listener.application.faults.clear()
        return answers
      },
      sentences: [
        {
          id: 'fault-away',
          says: 'No event is lost when the collector is away for 2 seconds',
          source: PROMISED,
          look: ({ events }) => without(events, SENT),
          expected: EVERY,
        },
        {
          id: 'fault-traffic',
          says: 'Every request is answered while the collector is away',
          source: AS_WITHOUT_FILTER,
          look: answered,
          expected: { answered: SENT },
        },
      ],
    },
    'fault-nobody': {
      options: { upstream: 'nobody' },
      sends: SENT,
      awaits: 0,
      sentences: [
        {
          id: 'fault-no-host',
          says: 'Every request is answered when the cluster of the collector has no host',
          source: AS_WITHOUT_FILTER,
          look: answered,
          expected: { answered: SENT },
        },
      ],
    },
    'fault-retry-after': {
      faults: [{ status: 429, retryAfter: 2, remaining: 1 }],
      sentences: [
        {
          id: 'fault-retry-after',
          says: 'What is answered 429 with Retry-After is sent again, and not before that time',
          source: DELIVERED,
          look: ({ batches }) => {
            const refused = batches.findIndex(({ answer }) => answer === 429)
            const next = batches[refused + 1]
            if (refused === -1 || !next) throw new Error('It was not sent again')
            return { laterMs: next.receivedAt - batches[refused]!.receivedAt }
          },
          expected: that(
            'at least 2000 ms later (50 ms less is taken)',
            ({ laterMs }) => laterMs >= 1_950,
          ),
        },
      ],
    },
    'fault-repeat': {
      faults: [{ connection: 'reset-after-read', remaining: 1 }],
      timed: true,
      sends: SENT,
      play: async (listener) => {
        const answers = await listener.sendMany('fault-repeat', SENT)
        await until(async () => (await listener.application.batches()).length >= 2, {
          what: 'It was not sent again',
          timeoutMs: 5_000,
        }).catch(() => {})
        return answers
      },
      sentences: [
        {
          id: 'fault-lost-answer',
          says: 'A batch whose answer is lost is sent again',
          source: PROMISED,
          look: ({ events }) => ({ eventsThatCameTwice: repeated(events).length }),
          expected: that(
            'at least one event that came twice',
            ({ eventsThatCameTwice }) => eventsThatCameTwice >= 1,
          ),
        },
        {
          id: 'fault-same-transaction-id',
          says: 'An event that is sent again has the same transaction_id',
          source: IDEMPOTENCY,
          look: ({ events }) => ({
            sentAgain: events.length > SENT,
            differentIds: new Set(events.map(({ transactionId }) => transactionId)).size,
            withoutId: events.filter(({ transactionId }) => transactionId === null).length,
          }),
          expected: { sentAgain: true, differentIds: SENT, withoutId: 0 },
        },
      ],
    },
    'fault-401': {
      faults: [{ status: 401 }],
      awaits: 0,
      play: async (listener) => {
        const answers = await listener.sendMany('fault-401', 1)
        await sleep(3_000)
        return answers
      },
      sentences: [
        {
          id: 'fault-rejected-once',
          says: 'What is answered 401 is not sent again and again',
          source: ERRORS,
          look: ({ batches }) => ({ posts: batches.length }),
          expected: that('one post, or two', ({ posts }) => posts === 1 || posts === 2),
        },
      ],
    },
    'fault-400': {
      faults: [{ status: 400, remaining: 1 }],
      sends: SENT,
      sentences: [
        {
          id: 'fault-one-bad-event',
          level: 'full',
          says: 'A batch that is answered 400 is divided, so that one bad event does not take the others along',
          source: PROMISED,
          look: ({ events }) => without(events, SENT),
          expected: EVERY,
        },
      ],
    },
    'fault-queue': {
      options: { queue_max_bytes: 20_000, batch_max_size: 5 },
      sends: 200,
      awaits: 5,
      play: async (listener) => {
        await listener.application.faults.add({ status: 503, route: BATCHES })
        const answers = await listener.sendMany('fault-queue', 200)
        await listener.application.faults.clear()
        return answers
      },
      sentences: [
        {
          id: 'fault-queue-bounded',
          level: 'full',
          says: 'What waits for a collector in trouble is bounded by queue_max_bytes, and what was kept is delivered',
          source: DELIVERED,
          look: ({ events }) => ({ events: events.length }),
          expected: that(
            '5 to 149 events of 200 exchanges',
            ({ events }) => events >= 5 && events < 150,
          ),
        },
      ],
    },
  },
})
