import { that } from '../expectation.ts'
import { GET_CONFIG, SAMPLING_GUIDE, promise } from '../sources.ts'
import { caseScene, type Case, type Outcome } from './case-scene.ts'
import { awaitDocuments } from './await-documents.ts'

const WEIGHTS = promise('sampling', 'Weights')
const SAMPLING = promise('sampling', 'Which rate counts')
const OPTIONS = { user_id_header: 'x-user-id', company_id_header: 'x-company-id' }
const EACH = 5

interface Caller {
  user?: string
  company?: string
  path?: string
}

/** Sends `each` requests for each of these callers, once the filter has fetched the document. */
const afterConfig =
  (callers: Readonly<Record<string, Caller>>, each = EACH): NonNullable<Case['play']> =>
  async (listener) => {
    await awaitDocuments(listener, ['/v1/config'])
    const answers = []
    for (const [name, { user, company, path = '' }] of Object.entries(callers)) {
      const headers = [
        ...(user ? [['x-user-id', user] as const] : []),
        ...(company ? [['x-company-id', company] as const] : []),
      ]
      answers.push(...(await listener.sendMany(name, each, { request: { headers, path } })))
    }
    return answers
  }

/** How many events each caller has. */
const counts =
  (...names: string[]) =>
  ({ events }: Outcome) =>
    Object.fromEntries(
      names.map((name) => [name, events.filter(({ uri }) => uri?.includes(`/${name}/`)).length]),
    )

/** What is kept of the traffic. */
export const sampling = caseScene({
  name: 'sampling',
  group: 'sampling',
  level: 'full',
  cases: {
    'rate-of-all': {
      options: OPTIONS,
      config: { sample_rate: 0, user_sample_rate: { vip: 100 } },
      play: afterConfig({ anybody: {}, vip: { user: 'vip' } }),
      awaits: EACH,
      sentences: [
        {
          id: 'sampling-config-fetched',
          says: 'GET /v1/config is asked with the application id',
          source: GET_CONFIG,
          look: ({ requests }) =>
            requests
              .filter(({ method, path }) => method === 'GET' && path === '/v1/config')
              .map(({ answer, headers }) => ({
                answer,
                withApplicationId:
                  headers['x-moesif-application-id']?.startsWith('rate-of-all-') ?? false,
              }))[0] ?? 'it was not asked',
          expected: { answer: 200, withApplicationId: true },
        },
        {
          id: 'sampling-nothing',
          says: 'At sample_rate 0 no exchange has an event, but for users with a rate of their own',
          source: SAMPLING_GUIDE,
          look: counts('anybody', 'vip'),
          expected: { anybody: 0, vip: EACH },
        },
      ],
    },
    'user-first': {
      options: OPTIONS,
      config: { user_sample_rate: { vip: 100 }, company_sample_rate: { acme: 0 } },
      play: afterConfig({
        both: { user: 'vip', company: 'acme' },
        colleague: { user: 'other', company: 'acme' },
        stranger: { user: 'other', company: 'elsewhere' },
      }),
      awaits: 2 * EACH,
      sentences: [
        {
          id: 'sampling-user-first',
          says: 'The rate of the user goes before that of the company',
          source: SAMPLING_GUIDE,
          look: counts('both'),
          expected: { both: EACH },
        },
        {
          id: 'sampling-company',
          says: 'The rate of a company holds for its users, and for no others',
          source: SAMPLING_GUIDE,
          look: counts('colleague', 'stranger'),
          expected: { colleague: 0, stranger: EACH },
        },
      ],
    },
    'by-request': {
      options: OPTIONS,
      config: {
        user_sample_rate: { vip: 100 },
        regex_config: [
          { conditions: [{ path: 'request.route', value: '/health$' }], sample_rate: 0 },
          { conditions: [{ path: 'response.status', value: '^404$' }], sample_rate: 0 },
        ],
      },
      listener: {
        routes: [{ match: { prefix: '/absent' }, direct_response: { status: 404 } }],
      },
      play: afterConfig({
        checks: { path: '/health' },
        orders: { path: '/orders' },
        'vip-checks': { user: 'vip', path: '/health' },
        absent: {},
      }),
      awaits: EACH,
      sentences: [
        {
          id: 'sampling-by-route',
          says: 'A rate by conditions holds for requests that meet them',
          source: SAMPLING_GUIDE,
          look: counts('checks', 'orders'),
          expected: { checks: 0, orders: EACH },
        },
        {
          id: 'sampling-lower',
          says: 'Of a rate by conditions and that of the user the lower one counts',
          source: SAMPLING_GUIDE,
          look: counts('vip-checks', 'orders'),
          expected: { 'vip-checks': 0, orders: EACH },
        },
        {
          id: 'sampling-by-status',
          says: 'Conditions may look at the status of the response',
          source: SAMPLING,
          look: counts('absent', 'orders'),
          expected: { absent: 0, orders: EACH },
        },
      ],
    },
    half: {
      options: OPTIONS,
      config: { sample_rate: 50 },
      play: afterConfig({ half: {} }, 80),
      awaits: 15,
      sentences: [
        {
          id: 'sampling-share',
          says: 'At a rate of 50 about half of the exchanges have an event',
          source: SAMPLING_GUIDE,
          look: ({ events }) => ({ events: events.length }),
          // 80 throws of a coin: outside once in 100 million times.
          expected: that(
            '15 to 65 events of 80 exchanges',
            ({ events }) => events >= 15 && events <= 65,
          ),
        },
        {
          id: 'sampling-weight',
          says: 'An event that is kept at a rate of 50 has weight 2',
          source: WEIGHTS,
          look: ({ events }) => ({
            weights: [...new Set(events.map(({ event }) => event.weight))],
          }),
          expected: { weights: [2] },
        },
      ],
    },
    'sampling-off': {
      options: { disable_sampling: true },
      config: { sample_rate: 0 },
      sends: EACH,
      sentences: [
        {
          id: 'sampling-disabled',
          says: 'disable_sampling sends every event whatever the rates are',
          source: promise('configuration', 'disable_sampling'),
          look: counts('sampling-off'),
          expected: { 'sampling-off': EACH },
        },
      ],
    },
  },
})
