import { GET_RULES, promise } from '../sources.ts'
import { caseScene, type Case, type Outcome } from './case-scene.ts'
import type { Answer } from '../stage/exchange.ts'
import { awaitDocuments } from './await-documents.ts'

const DOES = promise('governance', 'What a rule does')
const ANSWERS = promise('governance', 'Answers')
const CONDITIONS = promise('governance', 'Conditions')
const OPTIONS = {
  enable_governance: true,
  user_id_header: 'x-user-id',
  company_id_header: 'x-company-id',
}

const when = (path: string, value: string) => [{ conditions: [{ path, value }] }]
const refusing = (id: string, status = 403) => ({
  _id: id,
  name: id,
  type: 'regex',
  block: true,
  response: { status, headers: { 'x-rule': id }, body: { error: id } },
})

interface Call {
  headers?: readonly (readonly [string, string])[]
  body?: string
}

/** One request each, in this order, once the filter knows the documents. */
const afterRules =
  (calls: Readonly<Record<string, Call>>): NonNullable<Case['play']> =>
  async (listener) => {
    await awaitDocuments(listener, ['/v1/config', '/v1/rules'])
    const answers = []
    for (const [name, request] of Object.entries(calls))
      answers.push(await listener.send({ name, request: { ...request, path: '/1' } }))
    return answers
  }

/** What each of these calls was answered, in the order in which they were made. */
const statuses =
  (...names: string[]) =>
  ({ answers }: Outcome) =>
    of(names, answers, ({ status }) => status)
const of = (names: string[], answers: Answer[], value: (answer: Answer) => unknown) =>
  Object.fromEntries(names.map((name, index) => [name, value(answers[index]!)]))
const user = (name: string) => [['x-user-id', name]] as const

/** What is refused, and what gets headers. */
export const governance = caseScene({
  name: 'governance',
  group: 'governance',
  level: 'full',
  cases: {
    refusing: {
      options: OPTIONS,
      rules: [
        {
          ...refusing('no-legacy', 410),
          regex_config: when('request.route', '^/legacy'),
        },
      ],
      play: afterRules({ legacy: {}, current: {} }),
      awaits: 2,
      sentences: [
        {
          id: 'governance-rules-fetched',
          says: 'GET /v1/rules is asked when governance is on',
          source: GET_RULES,
          look: ({ requests }) => {
            const get = requests.find(
              ({ method, path }) => method === 'GET' && path === '/v1/rules',
            )
            return get ? { answer: get.answer } : 'it was not asked'
          },
          expected: { answer: 200 },
        },
        {
          id: 'governance-block',
          says: 'A request that meets a rule which blocks is answered with its status, others pass',
          source: DOES,
          look: statuses('legacy', 'current'),
          expected: { legacy: 410, current: 200 },
        },
        {
          id: 'governance-block-answer',
          says: 'The answer has the headers and the body of the rule, as JSON',
          source: ANSWERS,
          look: ({ answers: [refused] }) => ({
            'x-rule': refused!.headers['x-rule'],
            'content-type': refused!.headers['content-type'],
            body: refused!.body.toString(),
          }),
          expected: {
            'x-rule': 'no-legacy',
            'content-type': 'application/json',
            body: '{"error":"no-legacy"}',
          },
        },
        {
          id: 'governance-blocked-by',
          says: 'The event of a request that was refused names the rule in blocked_by, and has the answer',
          source: DOES,
          look: ({ events }) => {
            const refused = events.find(({ uri }) => uri?.includes('/legacy/'))?.event
            return {
              blocked_by: refused?.blocked_by,
              status: refused?.response?.status,
              body: refused?.response?.body,
            }
          },
          expected: { blocked_by: 'no-legacy', status: 410, body: { error: 'no-legacy' } },
        },
      ],
    },
    'governance-off': {
      rules: [refusing('never')],
      sends: 1,
      sentences: [
        {
          id: 'governance-off',
          says: 'Without enable_governance no rule refuses anything',
          source: promise('configuration', 'enable_governance'),
          look: statuses('status'),
          expected: { status: 200 },
        },
      ],
    },
    cohorts: {
      options: OPTIONS,
      config: {
        user_rules: {
          ann: [{ rules: 'quota', values: { '0': 'Free' } }, { rules: 'members-only' }],
        },
        company_rules: { acme: [{ rules: 'overdue' }] },
      },
      rules: [
        {
          _id: 'quota',
          name: 'quota',
          type: 'user',
          block: true,
          variables: [{ name: '0', path: 'body.plan' }],
          response: { status: 429, headers: { 'x-plan': '{{0}}' }, body: { msg: 'over {{0}}' } },
        },
        { ...refusing('overdue', 402), type: 'company' },
        {
          _id: 'members-only',
          name: 'members-only',
          type: 'user',
          block: false,
          applied_to: 'not_matching',
          response: { headers: { 'x-hint': 'not in the cohort' } },
        },
        {
          _id: 'sign-in',
          name: 'sign-in',
          type: 'user',
          block: false,
          applied_to: 'matching',
          applied_to_unidentified: true,
          response: { headers: { 'x-sign-in': 'please' } },
        },
      ],
      play: afterRules({
        ann: { headers: user('ann') },
        bob: { headers: user('bob') },
        nobody: {},
        'of-acme': { headers: [['x-company-id', 'acme']] },
      }),
      awaits: 4,
      sentences: [
        {
          id: 'governance-cohort',
          says: 'A rule for users refuses those in its cohort, and no others',
          source: DOES,
          look: statuses('ann', 'bob', 'nobody'),
          expected: { ann: 429, bob: 200, nobody: 200 },
        },
        {
          id: 'governance-company',
          says: 'A rule for companies refuses calls of the companies in its cohort',
          source: DOES,
          look: ({ answers }) => ({ ofAcme: answers[3]?.status }),
          expected: { ofAcme: 402 },
        },
        {
          id: 'governance-template',
          says: 'Templates in headers and body are filled in with the values of the user',
          source: ANSWERS,
          look: ({ answers: [ann] }) => ({
            'x-plan': ann!.headers['x-plan'],
            body: ann!.body.toString(),
          }),
          expected: { 'x-plan': 'Free', body: '{"msg":"over Free"}' },
        },
        {
          id: 'governance-not-matching',
          says: 'applied_to: not_matching is for users who are not in the cohort',
          source: DOES,
          look: ({ answers }) =>
            of(['ann', 'bob', 'nobody'], answers, ({ headers }) => headers['x-hint']),
          expected: { ann: undefined, bob: 'not in the cohort', nobody: undefined },
        },
        {
          id: 'governance-unidentified',
          says: 'applied_to_unidentified is for requests that do not say who calls',
          source: DOES,
          look: ({ answers }) =>
            of(['bob', 'nobody'], answers.slice(1), ({ headers }) => headers['x-sign-in']),
          expected: { bob: undefined, nobody: 'please' },
        },
      ],
    },
    'by-body': {
      options: OPTIONS,
      rules: [{ ...refusing('no-delete'), regex_config: when('request.body.action', '^delete$') }],
      play: afterRules({
        deleting: { body: '{"action":"delete"}', headers: [['content-type', 'application/json']] },
        reading: { body: '{"action":"read"}', headers: [['content-type', 'application/json']] },
      }),
      awaits: 2,
      sentences: [
        {
          id: 'governance-body',
          says: 'A rule may look at a key of a JSON body',
          source: CONDITIONS,
          look: statuses('deleting', 'reading'),
          expected: { deleting: 403, reading: 200 },
        },
      ],
    },
    unavailable: {
      options: OPTIONS,
      rules: [refusing('not-known')],
      documentFaults: [{ status: 500 }],
      play: afterRules({ unavailable: {} }),
      sentences: [
        {
          id: 'governance-fails-open',
          says: 'While the rules cannot be fetched every request passes, and is an event',
          source: promise('governance', 'Governance'),
          look: ({ answers: [answer], events }) => ({
            status: answer!.status,
            events: events.length,
          }),
          expected: { status: 200, events: 1 },
        },
      ],
    },
  },
})
