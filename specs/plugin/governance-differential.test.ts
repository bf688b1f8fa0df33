import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { startWith, type Config, type Rule } from './support/documents.ts'
import { nodeVerdict, type GovernedRequest } from './support/node-governance.ts'

/** None of them is found in the word `undefined`, in which the Node client searches for what is absent. */
const condition = fc.oneof(
  fc.record({
    path: fc.constant('request.verb'),
    value: fc.constantFrom('^GET$', '^(PUT|POST)$', 'T'),
  }),
  fc.record({
    path: fc.constant('request.route'),
    value: fc.constantFrom('^/a', '/b$', '^/a/b$', '^/(a|c)/', '[0-9]{2}'),
  }),
  fc.record({
    path: fc.constant('request.ip_address'),
    value: fc.constantFrom('^10\\.', '\\.7$', '^192'),
  }),
  fc.record({
    path: fc.constant('request.headers.X-Plan'),
    value: fc.constantFrom('^gold$', 'o', '^$'),
  }),
  fc.record({
    path: fc.constant('request.body.op'),
    value: fc.constantFrom('^Get', 'All$', '^7$', 'tr?ue'),
  }),
  fc.record({
    path: fc.constantFrom('request.cookie', 'x'),
    value: fc.constantFrom('a', '(', '^b'),
  }),
)

const groups = fc.array(fc.record({ conditions: fc.array(condition, { maxLength: 3 }) }), {
  maxLength: 3,
})

const template = fc
  .array(fc.constantFrom('a', ' ', '{{0}}', '{{1|gold}}', '{{2}}', '{{', '}}', '{{}}', '"'), {
    maxLength: 5,
  })
  .map((parts) => parts.join(''))

const rule: fc.Arbitrary<Omit<Rule, '_id'>> = fc.record(
  {
    type: fc.constantFrom('user' as const, 'company' as const, 'regex' as const),
    block: fc.boolean(),
    applied_to: fc.constantFrom('matching' as const, 'not_matching' as const),
    applied_to_unidentified: fc.boolean(),
    regex_config: groups,
    variables: fc.constantFrom(
      [],
      ['0', '1', '2'].map((name) => ({ name, path: 'body.x' })),
    ),
    response: fc.record({
      status: fc.constantFrom(200, 403, 429),
      headers: fc.dictionary(fc.constantFrom('x-a', 'x-b', 'x-c'), template, { maxKeys: 3 }),
      body: fc.oneof(
        template,
        fc.record({ error: template, list: fc.array(template, { maxLength: 2 }) }),
      ),
    }),
  },
  { requiredKeys: ['type', 'block', 'response'] },
)

const id = fc.constantFrom('ann', 'bob', 'acme', null)
const request: fc.Arbitrary<GovernedRequest> = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
  path: fc.constantFrom('/', '/a', '/a/b', '/c/42', '/b'),
  address: fc.constantFrom('10.0.0.7', '192.0.2.1'),
  user: id,
  company: id,
  headers: fc.constantFrom({}, { 'x-plan': 'gold' }, { 'x-plan': 'silver' }),
  body: fc.constantFrom(null, { op: 'GetAll' }, { op: 7 }, { op: true, a: 1 }, { a: {} }),
})

/** Members of cohorts, by the rule's place; values only where the rule declares variables, as Moesif sends them. */
const members = fc.array(
  fc.record({
    who: fc.constantFrom('ann', 'bob', 'acme'),
    kind: fc.constantFrom('user_rules' as const, 'company_rules' as const),
    rule: fc.nat({ max: 5 }),
    values: fc.constantFrom({}, { '0': 'Free' }, { '0': '', '1': 'x"y' }),
  }),
  { maxLength: 8 },
)

test('gives the verdicts of the official Node client', async () => {
  const verdicts = { refused: 0, marked: 0, untouched: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(rule, { maxLength: 5 }),
      members,
      fc.array(request, { minLength: 3, maxLength: 6 }),
      async (parts, cohort, requests) => {
        const rules = parts.map((part, index): Rule => ({ ...part, _id: `r${index}` }))
        const config = configOf(rules, cohort)
        const emulator = await startWith({ rules, config })
        for (const each of requests) {
          const exchange = emulator.worker(0).exchange({
            request: {
              method: each.method,
              path: each.path,
              headers: {
                ...each.headers,
                'x-forwarded-for': each.address,
                ...(each.user && { 'x-user': each.user }),
                ...(each.company && { 'x-company': each.company }),
                ...(each.body && { 'content-type': 'application/json' }),
              },
              ...(each.body && { body: JSON.stringify(each.body) }),
            },
            response: { status: 204 },
          })
          const expected = nodeVerdict(rules, config, each)
          const { localReply, response } = exchange
          expect(emulator.traps).toEqual([])
          expect(localReply?.status ?? null).toBe(expected.status)
          if (localReply)
            expect(JSON.parse(Buffer.from(localReply.body).toString())).toEqual(expected.body)
          const headers = Object.fromEntries(
            Object.keys(expected.headers)
              .filter((name) => name !== 'Content-Type')
              .map((name) => [name, response?.headers.text(name) ?? null]),
          )
          const { 'Content-Type': _, ...wanted } = expected.headers
          expect(headers).toEqual(wanted)
          const isMarked = Object.keys(wanted).length > 0
          verdicts[localReply ? 'refused' : isMarked ? 'marked' : 'untouched']++
          for (const name of ['x-a', 'x-b', 'x-c']) {
            if (!(name in wanted)) expect(response?.headers.text(name) ?? null).toBeNull()
          }
        }
      },
    ),
    { numRuns: 300 },
  )
  expect(Math.min(...Object.values(verdicts)), JSON.stringify(verdicts)).toBeGreaterThan(50)
})

type Member = {
  who: string
  kind: 'user_rules' | 'company_rules'
  rule: number
  values: Record<string, string>
}

function configOf(rules: readonly Rule[], cohort: readonly Member[]): Config {
  const config: Required<Pick<Config, Member['kind']>> = { user_rules: {}, company_rules: {} }
  for (const { who, kind, rule: place, values } of cohort) {
    const known = rules[place]
    const list = (config[kind][who] ??= [])
    const name = `r${place}`
    if (list.some((member) => member.rules === name)) continue
    list.push({ rules: name, ...(known?.variables?.length && { values }) })
  }
  return config
}
