import { readFile } from 'node:fs/promises'
import { afterAll, expect, test } from 'vitest'
import { startMockMoesif as startAlone } from '#mock-moesif/index.ts'
import { moesifHandlers, startMockMoesif } from '#sandbox/mock/index.ts'
import { sampleEvent, send } from './sample.ts'

const moesif = await startMockMoesif()
afterAll(() => moesif.stop())
const app = moesif.application('app')

await app.rules.add({
  _id: 'quota',
  type: 'user',
  block: true,
  variables: [{ name: 'plan' }],
  regex_config: [{ conditions: [{ path: 'request.route', value: '^/orders' }] }],
  response: { status: 429, headers: { 'x-plan': '{{plan}}' }, body: { error: 'over {{plan}}' } },
})
await app.config.addToCohort({ user: 'u1' }, 'quota', { plan: 'Free' })

test('answers as the plugin would: the rule, the template, the event', async () => {
  const answer = await app.tryIt({ uri: 'https://api.example.com/orders/7', userId: 'u1' })

  expect(answer).toMatchObject({
    blockedBy: 'quota',
    reachedUpstream: false,
    kept: true,
    response: { status: 429, headers: { 'x-plan': 'Free' } },
    event: { blocked_by: 'quota', user_id: 'u1', response: { status: 429 } },
  })
  expect(JSON.parse(answer.response.body)).toEqual({ error: 'over Free' })
  expect(JSON.stringify(answer.event)).not.toContain('x-moesif-try')
})

test.each([
  ['another user', { uri: '/orders/7', userId: 'u2' }],
  ['another path', { uri: '/health', userId: 'u1' }],
  ['nobody', { uri: '/orders/7' }],
  ['governance off', { uri: '/orders/7', userId: 'u1', options: { enable_governance: false } }],
])('lets pass what no rule refuses: %s', async (_what, call) => {
  expect(await app.tryIt({ ...call, upstreamStatus: 204 })).toMatchObject({
    blockedBy: null,
    reachedUpstream: true,
    response: { status: 204 },
  })
})

test('takes a captured event, and what is to be different about it', async () => {
  await send(moesif.url, [sampleEvent()], app.id)
  const [{ id } = { id: 0 }] = await app.summaries()

  expect(await app.tryIt({ eventId: id })).toMatchObject({ blockedBy: 'quota' })
  expect(await app.tryIt({ eventId: id, userId: 'u2' })).toMatchObject({ blockedBy: null })
})

test('reports once what the plugin logs about a document, though each of its threads logs it', async () => {
  const broken = moesif.application('broken')
  const regex_config = [{ conditions: [{ path: 'request.route', value: '(' }] }]
  await broken.rules.put([
    { _id: 'broken', type: 'regex', block: true, regex_config, response: { status: 403 } },
  ])

  expect((await broken.tryIt({ uri: '/orders' })).messages).toEqual([
    expect.stringContaining('rule "broken" has a condition that is never met') as string,
  ])
})

test('takes names of headers in any case, as Envoy does', async () => {
  const cased = moesif.application('cased')
  const regex_config = [{ conditions: [{ path: 'request.headers.X-Beta', value: 'yes' }] }]
  await cased.rules.put([
    { _id: 'beta', type: 'regex', block: true, regex_config, response: { status: 403 } },
  ])

  expect(await cased.tryIt({ headers: { 'X-BETA': 'yes' } })).toMatchObject({ blockedBy: 'beta' })
})

test('names the headers by which rules mark a response', async () => {
  const marking = moesif.application('marking')
  const response = { headers: { 'x-warn': 'soon', server: 'overwritten' } }
  await marking.rules.put([{ _id: 'mark', type: 'regex', response }])

  expect(await marking.tryIt({ uri: '/' })).toMatchObject({ blockedBy: null, marks: ['x-warn'] })
})

test('says that sampling leaves it out', async () => {
  const sampled = moesif.application('sampled')
  await sampled.config.sampleRate(0)

  expect(await sampled.tryIt({ uri: '/' })).toMatchObject({ kept: false, event: null })
})

test('asks the plugin without a port, too', async () => {
  await using handlers = moesifHandlers()

  expect(await handlers.application('app').tryIt({ uri: '/' })).toMatchObject({ kept: true })
})

test('says what to start where there is no plugin to ask', async () => {
  await using alone = await startAlone()

  await expect(alone.application('app').tryIt({ uri: '/' })).rejects.toThrow(
    'This mock has no plugin to ask: start it with `npm start`',
  )
})

const conditions = (...values: string[]) => [
  { conditions: values.map((value) => ({ path: 'request.route', value })) },
]

test.each([
  ['a{1001}', 'at its character 2, a repeat counts to 1000 at most'],
  ['\\p{L}', 'at its character 1, this escape is not supported'],
  ['\\cA', 'at its character 1, this escape is not supported'],
  ['(?m)^x', 'at its character 1, this kind of group is not supported'],
  ['[^]', 'at its character 1, RE2 and JavaScript disagree about an empty character class'],
  ['(a?){1000}(a{0,1000}){1000}b', 'at its character 29, the pattern is too large'],
  ['é(', 'at its character 2, a group is not closed'],
  ['a(?=b)', 'at its character 2, look-ahead and look-behind are not supported'],
  ['(a)\\1', 'at its character 4, back references are not supported'],
])('warns of %s as the plugin does, in rules and in config', async (value, problem) => {
  const [group] = conditions('^/', value)
  const message = `${problem}: for the plugin the condition is never met`
  const pointer = '/regex_config/0/conditions/1/value'

  expect(await app.rules.check([{ _id: 'r', type: 'regex', regex_config: [group] }])).toEqual([
    { severity: 'warning', pointer: `/0${pointer}`, message },
  ])
  expect(await app.config.check({ regex_config: [{ ...group, sample_rate: 1 }] })).toEqual([
    { severity: 'warning', pointer, message },
  ])
})

test('says nothing of expressions that the plugin takes', async () => {
  const regex_config = conditions(']', 'x{,3}', '\\-', '', '}', '\\/', '(?i:a)', '(?<name>a)')

  expect(await app.rules.check([{ _id: 'r', type: 'regex', regex_config }])).toEqual([])
})

const unchecked = (why: string) => [
  {
    severity: 'warning',
    pointer: '',
    message: expect.stringContaining(`expression was checked: ${why}`) as string,
  },
]

test('says that expressions were not checked: beyond a bound, and where there is no plugin to ask', async () => {
  await using alone = await startAlone()
  const values = Array.from({ length: 1001 }, (_, index) => `^/${index}`)
  const rules = (count: number) => [
    { _id: 'r', type: 'regex', regex_config: conditions(...values.slice(0, count)) },
  ]

  expect(await app.rules.check(rules(1000))).toEqual([])
  expect(await app.rules.check(rules(1001))).toEqual(unchecked('there are more than 1000'))
  expect(await alone.application('app').rules.check(rules(1))).toEqual(
    unchecked('This mock has no plugin to ask'),
  )
})

test('warns of every header that the plugin leaves out of an answer, and of no other', async () => {
  const source = await readFile('plugin/assembly/decision/reply-header.ts', 'utf8')
  const framing = Array.from(source.matchAll(/utf8\('([^']+)'\)/g), ([, name]) => name!)
  const names = [...framing, 'x-own', 'via', 'expect', 'content-type', 'retry-after', 'X.y']
  const headers = Object.fromEntries(names.map((name) => [name, 'from the rule']))
  const setting = moesif.application('setting')
  await setting.rules.put([
    { _id: 'r', type: 'regex', block: true, response: { status: 403, headers, body: 'no' } },
  ])

  const findings = await setting.rules.check(await setting.rules.get())
  const answer = await setting.tryIt({ uri: '/' })

  const isSet = (name: string) => answer.response.headers[name.toLowerCase()] === 'from the rule'
  expect(framing).toContain('host')
  expect(findings.map(({ pointer }) => pointer.split('/').at(-1))).toEqual(framing)
  expect(names.filter((name) => !isSet(name))).toEqual(framing)
})
