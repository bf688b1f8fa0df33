import { OFFICIAL_OPTIONS, promise } from '../sources.ts'
import { type Case, caseScene, EVERY, without } from './case-scene.ts'

const SAME = promise('migrating', 'The same')
const DELIVERED = promise('delivery', 'How an event is delivered')
const MISTAKE = promise('configuration', 'What a mistake does')

/** An event comes with these options. */
function captures(
  id: string,
  says: string,
  options: Record<string, unknown>,
  more: Partial<Case> = {},
): Case {
  return {
    options,
    ...more,
    sentences: [
      {
        id: `options-${id}`,
        says,
        source: MISTAKE,
        look: ({ events }) => without(events, 1),
        expected: EVERY,
      },
    ],
  }
}

/** Options that a filter has to take. */
export const configuration = caseScene({
  name: 'configuration',
  group: 'configuration',
  level: 'drop-in',
  cases: {
    readme: {
      options: {
        user_id_header: 'X-User-Example-Header',
        company_id_header: 'X-Company-Example-Header',
        batch_max_wait: 5,
        upstream: 'moesif_api',
      },
      sentences: [
        {
          id: 'options-of-readme',
          says: "With the options of the README of Moesif's filter, batch_max_wait: 5 included, events come",
          source: OFFICIAL_OPTIONS,
          look: ({ events }) => without(events, 1),
          expected: EVERY,
        },
      ],
    },
    'other-root-id': captures(
      'root-id',
      'The root_id may be any: Istio chooses its own',
      {},
      { filter: { rootId: 'chosen-by-istio' } },
    ),
    'unknown-option': captures('unknown', 'An option that is not known does no harm', {
      option_of_tomorrow: { any: ['thing'] },
    }),
    'null-options': captures('null', 'null is as good as absent', {
      user_id_header: null,
      batch_max_size: null,
      upstream: null,
    }),
    'empty-header-name': captures('empty-name', 'An empty user_id_header is as good as absent', {
      user_id_header: '',
    }),
    'wait-zero': captures('wait-zero', 'With batch_max_wait: 0 events come', { batch_max_wait: 0 }),
    'own-authority': {
      options: { base_uri: 'collector.example.com' },
      sentences: [
        {
          id: 'options-base-uri',
          says: 'base_uri is the host that batches are addressed to',
          source: SAME,
          look: ({ requests }) => requests[0]?.headers['host'],
          expected: 'collector.example.com',
        },
      ],
    },
    'base-path': {
      options: { base_uri: 'https://collector.example.com/collector' },
      sentences: [
        {
          id: 'options-base-path',
          level: 'full',
          says: 'A path in base_uri stands in front of /v1',
          source: DELIVERED,
          look: ({ requests }) => requests.find(({ method }) => method === 'POST')?.path,
          expected: '/collector/v1/events/batch',
        },
      ],
    },
    'size-one': {
      options: { batch_max_size: 1 },
      sends: 3,
      sentences: [
        {
          id: 'options-size-one',
          says: 'With batch_max_size: 1 every event is sent alone',
          source: OFFICIAL_OPTIONS,
          look: ({ batches }) => ({
            posts: batches.length >= 3 ? 'one for each of 3 events' : batches.length,
            largest: Math.max(...batches.map(({ eventCount }) => eventCount)),
          }),
          expected: { posts: 'one for each of 3 events', largest: 1 },
        },
      ],
    },
  },
})

/** Alone in an Envoy, which a filter that loops for ever would stop. */
export const zeroBatchSize = caseScene({
  name: 'zero batch size',
  group: 'configuration',
  level: 'drop-in',
  envoy: { startTimeoutMs: 12_000 },
  cases: {
    'size-zero': {
      options: { batch_max_size: 0 },
      sentences: [
        {
          id: 'options-size-zero',
          says: 'With batch_max_size: 0 Envoy serves and events come',
          source: MISTAKE,
          look: ({ answers, events }) => ({
            answers: answers.map(({ status, error }) => error ?? status),
            events: without(events, 1),
          }),
          expected: { answers: [200], events: EVERY },
        },
      ],
    },
  },
})
