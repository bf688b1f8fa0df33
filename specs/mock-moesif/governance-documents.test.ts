import { readFile } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import { judgeDocument } from '#mock-moesif/judgement/judge-document.ts'
import { documentSchemas } from '#mock-moesif/judgement/write-document-schemas.ts'
import { startMockMoesif } from '#sandbox/mock/index.ts'

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())

const rule = (change: object = {}) => ({
  _id: 'quota',
  type: 'user' as const,
  block: true,
  response: { status: 429, headers: { 'x-quota': '{{0}}' }, body: { error: 'over {{0}}' } },
  variables: [{ name: '0' }],
  ...change,
})

async function served(kind: 'config' | 'rules', app: string): Promise<Response> {
  return fetch(`${moesif.url}/v1/${kind}`, { headers: { 'x-moesif-application-id': app } })
}

test('the schema files are what documents are judged by', async () => {
  for (const [name, schema] of Object.entries(documentSchemas))
    expect(JSON.parse(await readFile(`mock-moesif/${name}`, 'utf8')), name).toEqual(schema)
})

test('adds, replaces and removes single rules, and the tag follows', async () => {
  const { rules } = moesif.application('single')
  const tags = [(await served('rules', 'single')).headers.get('x-moesif-rules-tag')]
  await rules.add(rule())
  const added = await rules.add(rule({ _id: undefined, type: 'regex' }))
  await rules.add(rule({ name: 'changed' }))
  const response = await served('rules', 'single')
  tags.push(response.headers.get('x-moesif-rules-tag'))

  expect(added._id).toMatch(/^[0-9a-f-]{36}$/)
  expect(await response.json()).toMatchObject([
    { _id: 'quota', name: 'changed' },
    { _id: added._id, type: 'regex' },
  ])
  await rules.remove('quota')
  expect(await rules.get()).toMatchObject([{ _id: added._id }])
  await expect(rules.remove('quota')).rejects.toThrow('There is no rule "quota"')
  expect(new Set(tags).size).toBe(2)
})

test('sets rates of everybody, a user and a company, and cohorts', async () => {
  const { config } = moesif.application('rates')
  await config.sampleRate(50)
  await config.sampleRate(10, { user: 'u1' })
  await config.sampleRate(20, { company: 'acme' })
  await config.addToCohort({ user: 'u1' }, 'quota', { '0': '100' })
  await config.addToCohort({ user: 'u1' }, 'other')
  await config.addToCohort({ user: 'u1' }, 'quota', { '0': '200' })

  expect(await (await served('config', 'rates')).json()).toMatchObject({
    sample_rate: 50,
    user_sample_rate: { u1: 10 },
    company_sample_rate: { acme: 20 },
    user_rules: { u1: [{ rules: 'other' }, { rules: 'quota', values: { '0': '200' } }] },
  })
})

test.each([
  ['config', { sample_rate: 'lots' }, '/sample_rate', 'must be a number'],
  ['config', { sample_rate: 101 }, '/sample_rate', 'must be 100 at most'],
  ['config', { sample_rate: 100.01 }, '/sample_rate', 'must be 100 at most'],
  ['config', { user_sample_rate: { u1: -1 } }, '/user_sample_rate/u1', 'must not be negative'],
  ['config', { user_rules: { u1: [{}] } }, '/user_rules/u1/0/rules', 'is required'],
  ['rules', [rule(), { type: 'user' }], '/1/_id', 'is required'],
  ['rules', [rule({ type: 'plan' })], '/0/type', 'must be one of user, company, regex'],
  ['rules', [rule({ response: { status: '429' } })], '/0/response/status', 'must be an integer'],
  ['rules', [rule({ regex_config: {} })], '/0/regex_config', 'must be an array'],
] as const)(
  'refuses a %s that no client could read: %j',
  async (kind, document, pointer, message) => {
    const client = moesif.application('refused')[kind]

    await expect(client.put(document)).rejects.toThrow(`at ${pointer}, `)
    expect(await client.check(document)).toMatchObject([
      { severity: 'error', pointer, message: expect.stringContaining(message) as string },
    ])
    await client.put(document, { unchecked: true })
    expect(await client.get()).toEqual(document)
    await moesif.application('refused').reset()
  },
)

test('takes fractions of a percent wherever a rate stands, and warns of the client that cannot', async () => {
  const { config } = moesif.application('fractions')
  const document = {
    sample_rate: 12.5,
    user_sample_rate: { 'a/b': 0.01, whole: 50 },
    company_sample_rate: { acme: 33.333 },
    regex_config: [
      { conditions: [{ path: 'request.route', value: '^/health' }], sample_rate: 99.99 },
    ],
  }
  await config.put(document)
  await config.sampleRate(0.5, { user: 'u1' })

  expect(await (await served('config', 'fractions')).json()).toMatchObject({
    ...document,
    user_sample_rate: { 'a/b': 0.01, u1: 0.5 },
  })
  const findings = await config.check(document)
  expect(findings.map(({ severity, pointer }) => [severity, pointer])).toEqual([
    ['warning', '/sample_rate'],
    ['warning', '/user_sample_rate/a~1b'],
    ['warning', '/company_sample_rate/acme'],
    ['warning', '/regex_config/0/sample_rate'],
  ])
  expect(findings.map(({ message }) => /takes .* for it/.exec(message)?.[0])).toEqual([
    undefined,
    undefined,
    'takes 33.33 for it',
    undefined,
  ])
})

test.each([
  ['an unknown path', [{ path: 'request.color', value: 'x' }], '/0/path', 'no client knows'],
  ['a path of sampling only', [{ path: 'response.status', value: '5' }], '/0/path', 'no client'],
  ['no condition', [], '', 'met by every call'],
] as const)('warns of %s in a condition', (_what, conditions, pointer, message) => {
  expect(judgeDocument('rules', [rule({ regex_config: [{ conditions }] })])).toEqual([
    {
      severity: 'warning',
      pointer: `/0/regex_config/0/conditions${pointer}`,
      message: expect.stringContaining(message) as string,
    },
  ])
})

test.each([
  ['two rules of one _id', [rule(), rule()], '/1/_id'],
  ['a refusal without a response', [rule({ response: null })], '/0/response'],
  ['a refusal with status 99', [rule({ response: { status: 99 } })], '/0/response/status'],
  [
    'a header that is none',
    [rule({ response: { status: 429, headers: { 'a b': '' } } })],
    '/0/response/headers/a b',
  ],
  ['a body that is never sent', [rule({ block: false })], '/0/response/body'],
  ['a name that is not declared', [rule({ variables: [{ name: 'plan' }] })], '/0/response'],
])('warns of %s', (_what, document, pointer) => {
  const findings = judgeDocument('rules', document)

  expect([...new Set(findings.map((finding) => finding.pointer))]).toEqual([pointer])
  expect(findings[0]!.severity).toBe('warning')
})

test('takes what Moesif itself sends: nulls, unknown members, templates with defaults', () => {
  const known = {
    org_id: null,
    state: 2,
    cohorts: [{ id: 'x' }],
    response: { status: 429, headers: {}, body: '{{0|none}}', original_encoded_body: 'x' },
    applied_to: 'not_matching',
    regex_config: [
      {
        conditions: [
          { path: 'request.headers.x-plan', value: '(?i)gold' },
          { path: 'request.headers.x.plan', value: '.' },
          { path: 'request.body.operationName', value: '^get' },
        ],
      },
    ],
  }
  expect(judgeDocument('rules', [rule(known)])).toEqual([])
  expect(judgeDocument('config', { sample_rate: null, anything: 1 })).toEqual([])
})

test('config and rules meet faults of their own, with a body of their own', async () => {
  const app = moesif.application('faulty')
  await app.faults.add({ route: '/v1/config', body: '{"sample_rate":', remaining: 1 })
  await app.faults.add({ route: '/v1/rules', status: 503, remaining: 1 })

  expect((await served('rules', 'faulty')).status).toBe(503)
  expect(await (await served('config', 'faulty')).text()).toBe('{"sample_rate":')
  expect((await served('rules', 'faulty')).status).toBe(200)
  expect(await (await served('config', 'faulty')).json()).toMatchObject({ sample_rate: 100 })
})
