import { expect, test } from 'vitest'
import type { ExchangeScript, MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { startWith, when, type Config } from './support/documents.ts'
import { drawSample, expectFair, seeded } from './support/sample.ts'
import { eventsOf, type SentEvent } from './support/plugin-under-test.ts'

const sampled = (config: Config, options: Record<string, unknown> = {}) =>
  startWith({ config }, { enable_governance: false, ...options }, { random: seeded })

function play(emulator: MoesifEmulator, count: number, script: ExchangeScript = {}): SentEvent[] {
  const events: SentEvent[] = []
  for (let i = 0; i < count; i++) {
    emulator.worker(0).exchange(script)
    if (i % 500 === 499) events.push(...take(emulator))
  }
  return [...events, ...take(emulator)]
}

function take(emulator: MoesifEmulator): SentEvent[] {
  const events = eventsOf(emulator)
  emulator.collector.takeCalls()
  return events
}

const from = (
  user: string | null,
  company: string | null = null,
  more: object = {},
): ExchangeScript => ({
  request: {
    headers: { ...(user && { 'x-user': user }), ...(company && { 'x-company': company }) },
    ...more,
  },
})

/** Kept of 40: all, none, or some. */
function kept(emulator: MoesifEmulator, script?: ExchangeScript): 'all' | 'none' | 'some' {
  const { length } = play(emulator, 40, script)
  return length === 40 ? 'all' : length === 0 ? 'none' : 'some'
}

function metric(emulator: MoesifEmulator, name: string): number {
  emulator.advance(100)
  return emulator.metrics.get(`moesif_events_${name}`) ?? NaN
}

test('keeps everything, without a weight, for an account without sample rates', async () => {
  const emulator = await sampled({})

  const events = play(emulator, 40)

  expect(events).toHaveLength(40)
  for (const event of events) expect(event).not.toHaveProperty('weight')
  expect(metric(emulator, 'sampled_out_total')).toBe(0)
})

test.each([70, 34, 0.5])('keeps %s percent, and weights add up to what passed', async (rate) => {
  expectFair(await drawSample(rate, 4000))
})

test('is exact at 0 and at 100', async () => {
  expect(kept(await sampled({ sample_rate: 0 }))).toBe('none')
  expect(kept(await sampled({ sample_rate: 100 }))).toBe('all')
  expect(kept(await sampled({ sample_rate: -5 }))).toBe('none')
  expect(kept(await sampled({ sample_rate: 500 }))).toBe('all')
})

test('sends everything when sampling is switched off, and asks for nothing', async () => {
  const emulator = await sampled({ sample_rate: 0 }, { disable_sampling: true })

  expect(kept(emulator)).toBe('all')
  expect(emulator.collector.fetches).toEqual([])
})

test("takes the user's rate before the company's, and that before the global one", async () => {
  const emulator = await sampled({
    sample_rate: 0,
    user_sample_rate: { ann: 100, none: 0 },
    company_sample_rate: { acme: 100, quiet: 0 },
  })

  expect(kept(emulator, from('ann', 'quiet'))).toBe('all')
  expect(kept(emulator, from('none', 'acme'))).toBe('none')
  expect(kept(emulator, from('bob', 'acme'))).toBe('all')
  expect(kept(emulator, from('bob', 'other'))).toBe('none')
  expect(kept(emulator)).toBe('none')
})

test('takes the lower of that and of the first group that matches', async () => {
  const emulator = await sampled({
    sample_rate: 100,
    user_sample_rate: { ann: 100, none: 0 },
    regex_config: [
      { conditions: [{ path: 'request.route', value: '^/health' }], sample_rate: 0 },
      { conditions: [{ path: 'request.route', value: '^/h' }], sample_rate: 100 },
    ],
  })

  expect(kept(emulator, from('ann', null, { path: '/health' }))).toBe('none')
  expect(kept(emulator, from('ann', null, { path: '/hello' }))).toBe('all')
  expect(kept(emulator, from('none', null, { path: '/hello' }))).toBe('none')
  expect(kept(emulator, from(null, null, { path: '/health' }))).toBe('none')
  expect(kept(emulator, from(null, null, { path: '/other' }))).toBe('all')
})

test('takes the rate of a matching group, where there is no other, before the global one', async () => {
  const emulator = await sampled({
    sample_rate: 0,
    regex_config: [{ ...when('request.verb', '^POST$')[0]!, sample_rate: 100 }],
  })

  expect(kept(emulator, from(null, null, { method: 'POST' }))).toBe('all')
  expect(kept(emulator)).toBe('none')
})

test('looks at the status of the response', async () => {
  const emulator = await sampled({
    regex_config: [{ ...when('response.status', '^2')[0]!, sample_rate: 0 }],
  })

  expect(kept(emulator, { response: { status: 204 } })).toBe('none')
  expect(kept(emulator, { response: { status: 500 } })).toBe('all')
  expect(kept(emulator, { response: null })).toBe('all')
})

test('waits for a response that may identify the user', async () => {
  const emulator = await sampled({ user_sample_rate: { ann: 0 } })

  expect(kept(emulator, { response: { status: 200, headers: { 'x-user': 'ann' } } })).toBe('none')
  expect(kept(emulator, { response: { status: 200 } })).toBe('all')
})

test('does not take the user of the response before for that of a request', async () => {
  const many = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`x-${i}`, '1']))
  for (const who of ['user', 'company']) {
    const emulator = await sampled({ [`${who}_sample_rate`]: { ann: 0 } })
    const before = { headers: { [`x-${who}`]: 'ann' }, status: 200 }

    emulator.worker(0).exchange({ request: { headers: many }, response: before })
    emulator.worker(0).exchange({ request: { path: '/next' } })

    expect(take(emulator).map(({ request }) => request.uri)).toEqual([
      expect.stringMatching('/next$'),
    ])
  }
})

const rates = { user_sample_rate: { ann: 0 }, company_sample_rate: { ann: 0 } }
const none = { user_id_header: '', company_id_header: '' }
const both = { user_id_sources: ['header:x-u'], company_id_sources: ['header:x-c'] }

test.each<
  [what: string, config: Config, headers: object, options: Record<string, unknown>, atOnce: boolean]
>([
  ['by the global rate', { sample_rate: 0 }, {}, {}, true],
  ['by that of a user', rates, { 'x-user': 'ann' }, {}, true],
  ['by that of a user of a source', rates, { 'x-u': 'ann' }, { ...none, ...both }, true],
  ['not while the response may name a user before it', rates, { 'x-u': 'ann' }, both, false],
  ...['response_header:x-was', 'filter_state:user'].map(
    (before): [string, Config, object, Record<string, unknown>, boolean] => [
      `not while ${before} may name a user before it`,
      rates,
      { 'x-u': 'ann' },
      { ...none, user_id_sources: [before, 'header:x-u'] },
      false,
    ],
  ),
  ['by that of a company', rates, { 'x-company': 'ann' }, { user_id_header: '' }, true],
  ['by that of a company of a source', rates, { 'x-c': 'ann' }, { ...none, ...both }, true],
  [
    'not while the response may name a company before it',
    rates,
    { 'x-c': 'ann' },
    { ...both, user_id_header: '' },
    false,
  ],
])(
  "decides at the request's headers %s, and then asks the host for nothing more",
  async (_, config, headers, options, atOnce) => {
    const emulator = await sampled(config, options)
    const stream = emulator.worker(0).stream()
    stream.requestHeaders({ ':method': 'POST', ':path': '/', ':authority': 'a', ...headers })
    emulator.hostCalls.reset()

    stream.requestBody('x'.repeat(50_000), { endOfStream: true })
    stream.responseHeaders({ ':status': '200' })
    stream.responseBody('y'.repeat(50_000), { endOfStream: true })
    stream.end()

    expect(emulator.hostCalls.total.calls === 0).toBe(atOnce)
    expect(metric(emulator, 'sampled_out_total')).toBe(1)
  },
)

test('weighs the event of a request that a rule refused', async () => {
  const emulator = await startWith(
    {
      config: { sample_rate: 50 },
      rules: [{ _id: 'r', type: 'regex', block: true, response: { status: 403 } }],
    },
    {},
    { random: seeded },
  )

  const events = play(emulator, 200)

  expect(events.length).toBeGreaterThan(50)
  expect(events.length).toBeLessThan(150)
  for (const event of events) expect(event).toMatchObject({ blocked_by: 'r', weight: 2 })
})

test('sets the headers of a rule on responses whose event is not wanted', async () => {
  const emulator = await startWith({
    config: { sample_rate: 0 },
    rules: [{ _id: 'm', type: 'regex', response: { headers: { 'x-mark': 'yes' } } }],
  })

  const { response } = emulator.worker(0).exchange({ response: { status: 200, body: 'b' } })

  expect(response?.headers.text('x-mark')).toBe('yes')
  expect(eventsOf(emulator)).toEqual([])
  expect(metric(emulator, 'sampled_out_total')).toBe(1)
})

test.each([
  ['text', '{"sample_rate":"0","user_sample_rate":{"ann":"0"},"regex_config":[{"conditions":[]}]}'],
  [
    'null',
    '{"sample_rate":null,"user_sample_rate":null,"company_sample_rate":null,"regex_config":null,"user_rules":null}',
  ],
  [
    'something else',
    '{"sample_rate":[],"user_sample_rate":[],"regex_config":{},"user_rules":{"ann":7},"new":{"a":[{}]}}',
  ],
  ['a list', '[]'],
])('keeps everything where a rate is %s', async (_, config) => {
  const emulator = await startWith({ config }, { enable_governance: false })

  expect(kept(emulator, from('ann'))).toBe('all')
})
