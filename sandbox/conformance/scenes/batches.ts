import { setTimeout as sleep } from 'node:timers/promises'
import { that } from '../expectation.ts'
import { AUTHENTICATION, BATCH, IDEMPOTENCY, OFFICIAL_OPTIONS, promise } from '../sources.ts'
import { caseScene, EVERY, missing, type Outcome, repeated, without } from './case-scene.ts'

const LONG_WAIT = 60_000
const WAIT = 800
const SILENCE_MS = 4_000

const DELIVERED = promise('delivery', 'How an event is delivered')
const PROMISED = promise('delivery', 'Guarantees')

/** How long the last batch took to come after the last request was answered. */
const lateness = ({ batches, endedAt }: Outcome) => {
  const last = batches.at(-1)
  if (!last) throw new Error('No batch came')
  return { receivedAfterMs: last.receivedAt - endedAt }
}
/** What is late for other reasons than the filter is allowed for: ticks, a worker that is busy, this process. */
const within = (ms: number) =>
  that<Outcome>(
    (outcome) =>
      outcome === undefined
        ? `at most ${ms} ms after the last answer`
        : `at most ${(ms + outcome.slackMs).toFixed(0)} ms after the last answer: ${ms} ms, and ${outcome.slackMs.toFixed(0)} ms that Envoy and this machine may take`,
    ({ receivedAfterMs }, { slackMs }) => receivedAfterMs <= ms + slackMs,
  )
const sizes = ({ batches }: Outcome) => batches.map(({ eventCount }) => eventCount)
/** Of a batch that is sent twice both are alike. */
const differentSizes = (outcome: Outcome) => ({ eventsPerBatch: [...new Set(sizes(outcome))] })
const largest = (numbers: readonly number[]): number => {
  if (numbers.length === 0) throw new Error('No batch came')
  return Math.max(...numbers)
}
const postOf = ({ requests }: Outcome) => {
  const post = requests.find(({ method }) => method === 'POST')
  if (!post) throw new Error('Nothing was posted')
  return post
}

/** How events are put into batches. */
export const batches = caseScene({
  name: 'batches',
  group: 'batching',
  level: 'drop-in',
  cases: {
    'batch-size': {
      options: { batch_max_size: 4, batch_max_wait: LONG_WAIT },
      sends: 4,
      sentences: [
        {
          id: 'batch-full',
          says: 'A batch is sent when it has batch_max_size events, however long batch_max_wait is',
          source: OFFICIAL_OPTIONS,
          look: differentSizes,
          expected: { eventsPerBatch: [4] },
        },
        {
          id: 'batch-endpoint',
          says: 'Batches are posted to /v1/events/batch',
          source: BATCH,
          look: (outcome) => ({ method: postOf(outcome).method, path: postOf(outcome).path }),
          expected: { method: 'POST', path: '/v1/events/batch' },
        },
        {
          id: 'batch-content-type',
          says: 'The content type of a batch is application/json',
          source: BATCH,
          look: (outcome) => postOf(outcome).headers['content-type'],
          expected: that('application/json', (value) =>
            /^application\/json\s*(;|$)/i.test(String(value)),
          ),
        },
        {
          id: 'batch-application-id',
          says: 'A batch carries the application id in X-Moesif-Application-Id',
          source: AUTHENTICATION,
          look: (outcome) => postOf(outcome).headers['x-moesif-application-id'],
          expected: that('the id of the configuration', (value) =>
            String(value).startsWith('batch-size-'),
          ),
        },
        {
          id: 'batch-accepted',
          says: 'Moesif accepts the batch',
          source: BATCH,
          look: ({ batches: all }) => ({ answers: [...new Set(all.map(({ answer }) => answer))] }),
          expected: { answers: [201] },
        },
      ],
    },
    'batch-wait': {
      options: { batch_max_wait: WAIT },
      timed: true,
      sends: 20,
      sentences: [
        {
          id: 'batch-age',
          says: 'Fewer events than batch_max_size are sent when batch_max_wait is over',
          source: OFFICIAL_OPTIONS,
          look: lateness,
          expected: within(WAIT),
        },
        {
          id: 'batch-together',
          says: 'Events that come soon after each other are sent together',
          source: OFFICIAL_OPTIONS,
          look: ({ batches: all }) => ({ batches: all.length }),
          expected: that(
            '1 to 5 batches for 20 events',
            (value) => value.batches >= 1 && value.batches <= 5,
          ),
        },
      ],
    },
    'default-wait': {
      options: { batch_max_wait: undefined },
      timed: true,
      sentences: [
        {
          id: 'batch-default-wait',
          group: 'configuration',
          says: 'Without batch_max_wait an event is sent within 2000 ms',
          source: OFFICIAL_OPTIONS,
          look: lateness,
          expected: within(2_000),
        },
      ],
    },
    'default-size': {
      options: { batch_max_wait: LONG_WAIT },
      sends: 100,
      sentences: [
        {
          id: 'batch-default-size',
          group: 'configuration',
          says: 'Without batch_max_size a batch is sent when it has 100 events',
          source: OFFICIAL_OPTIONS,
          look: differentSizes,
          expected: { eventsPerBatch: [100] },
        },
        {
          id: 'cost-posts',
          group: 'cost',
          says: 'A hundred exchanges cost one request to the collector, by default',
          source: OFFICIAL_OPTIONS,
          look: ({ batches: all }) => ({ posts: all.length }),
          expected: { posts: 1 },
        },
      ],
    },
    'at-most': {
      options: { batch_max_size: 3, batch_max_wait: 300 },
      sends: 40,
      sentences: [
        {
          id: 'batch-not-larger',
          says: 'No batch has more than batch_max_size events',
          source: OFFICIAL_OPTIONS,
          look: (outcome) => ({ eventsInLargest: largest(sizes(outcome)) }),
          expected: { eventsInLargest: 3 },
        },
        {
          id: 'batch-none-lost',
          says: 'Every exchange has an event',
          source: PROMISED,
          look: ({ events }) => without(events, 40),
          expected: EVERY,
        },
        {
          id: 'batch-none-twice',
          says: 'No event is sent twice while the collector answers',
          source: PROMISED,
          look: ({ events }) => ({ requestsWithTwoEvents: repeated(events) }),
          expected: { requestsWithTwoEvents: [] },
        },
        {
          id: 'batch-transaction-ids',
          says: 'Every event has a transaction_id of its own',
          source: IDEMPOTENCY,
          look: ({ events }) => ({
            differentIds: new Set(events.map(({ transactionId }) => transactionId)).size,
          }),
          expected: { differentIds: 40 },
        },
      ],
    },
    'then-silence': {
      timed: true,
      play: async (listener) => {
        const answers = await listener.sendMany('then-silence', 1)
        await listener.numbered(1)
        await sleep(SILENCE_MS)
        return answers
      },
      sentences: [
        {
          id: 'batch-idle',
          group: 'cost',
          says: 'Where nothing happens nothing is posted',
          source: DELIVERED,
          look: ({ batches: all, slackMs }) => {
            const [first] = all
            if (!first) throw new Error('Nothing was posted at all')
            const later = all.filter(({ receivedAt }) => receivedAt > first.receivedAt + slackMs)
            return { furtherPosts: later.length }
          },
          expected: { furtherPosts: 0 },
        },
      ],
    },
    'by-bytes': {
      options: { batch_max_bytes: 4096, batch_max_wait: 500 },
      sends: 20,
      sentences: [
        {
          id: 'batch-bytes',
          level: 'full',
          says: 'No batch of several events is longer than batch_max_bytes',
          source: DELIVERED,
          look: ({ batches: all }) => ({
            bytesOfLargest: largest(all.map(({ decodedBytes }) => decodedBytes)),
          }),
          expected: that(
            'at most 4096 bytes',
            ({ bytesOfLargest }) => bytesOfLargest > 0 && bytesOfLargest <= 4096,
          ),
        },
      ],
    },
    deflated: {
      options: { enable_compression: true, batch_max_size: 20, batch_max_wait: LONG_WAIT },
      sends: 20,
      sentences: [
        {
          id: 'batch-compressed',
          level: 'full',
          says: 'enable_compression sends batches with deflate',
          source: DELIVERED,
          look: ({ batches: all }) => all.map(({ encoding }) => encoding)[0],
          expected: 'deflate',
        },
        {
          id: 'cost-compression',
          group: 'cost',
          level: 'full',
          says: 'A batch of 20 events that is compressed has at most a third of its bytes',
          source: DELIVERED,
          look: ({ batches: all }) => ({
            ofTheirBytes: all.map(({ wireBytes, decodedBytes }) => wireBytes / decodedBytes),
          }),
          expected: that(
            'at most 0.33 of the bytes',
            ({ ofTheirBytes: shares }: { ofTheirBytes: number[] }) =>
              shares.length > 0 && shares.every((share) => share <= 0.33),
          ),
        },
      ],
    },
    'tenant-a': {
      filter: { vmId: 'shared' },
      sends: 10,
      sentences: [
        {
          id: 'batch-tenants',
          says: 'Two filters with one vm_id and different application ids do not mix their events',
          source: PROMISED,
          look: ({ events }) => ({
            missing: missing(events, 10).length,
            ofTheOther: events.filter(({ uri }) => !uri?.includes('/tenant-a/')).length,
          }),
          expected: { missing: 0, ofTheOther: 0 },
        },
      ],
    },
    'tenant-b': {
      filter: { vmId: 'shared' },
      sends: 10,
      sentences: [
        {
          id: 'batch-tenants-second',
          says: 'The second of two filters with one vm_id has all its events',
          source: PROMISED,
          look: ({ events }) => without(events, 10),
          expected: EVERY,
        },
      ],
    },
  },
})

/** Several worker threads. */
export const workers = caseScene({
  name: 'workers',
  group: 'batching',
  level: 'drop-in',
  envoy: { concurrency: 2 },
  cases: {
    'two-workers': {
      sends: 60,
      sentences: [
        {
          id: 'workers-none-lost',
          says: 'With two workers every exchange has an event',
          source: PROMISED,
          look: ({ events }) => without(events, 60),
          expected: EVERY,
        },
        {
          id: 'workers-none-twice',
          says: 'With two workers no event is sent twice',
          source: PROMISED,
          look: ({ events }) => ({ requestsWithTwoEvents: repeated(events) }),
          expected: { requestsWithTwoEvents: [] },
        },
      ],
    },
  },
})
