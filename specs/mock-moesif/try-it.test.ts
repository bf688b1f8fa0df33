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

test('tells once what the plugin says of a document, though each of its threads says it', async () => {
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
