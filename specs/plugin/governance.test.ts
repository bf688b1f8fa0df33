import { expect, test } from 'vitest'
import type { ExchangeScript, MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { block, serve, startWith, when, FIRST_FETCH_MS } from './support/documents.ts'
import { eventsOf, startPlugin } from './support/plugin-under-test.ts'

/** Which rule refused a request; null when it passed. */
function blockerOf(emulator: MoesifEmulator, request: ExchangeScript['request']): string | null {
  const exchange = emulator
    .worker(0)
    .exchange({ ...(request && { request }), response: { status: 200 } })
  expect(emulator.traps).toEqual([])
  const { localReply, response } = exchange
  if (!localReply) {
    expect(response?.headers.text(':status')).toBe('200')
    return null
  }
  expect(exchange.upstreamRequest).toBeNull()
  return JSON.parse(Buffer.from(localReply.body).toString()) as string
}

const as = (user: string | null, company: string | null = null, more: object = {}) => ({
  headers: { ...(user && { 'x-user': user }), ...(company && { 'x-company': company }) },
  ...more,
})

test('refuses what a rule blocks, and reports the answer the client got', async () => {
  const emulator = await startWith({
    rules: [
      block({
        _id: 'gone',
        regex_config: when('request.route', '^/old'),
        response: {
          status: 410,
          // Anything but a text is set as it is written in JSON.
          headers: {
            'X-Since': '2024',
            'retry-after': 60,
            'x-list': [1, true],
          } as object as Record<string, string>,
          body: { error: 'gone' },
        },
      }),
    ],
  })

  const { localReply, response } = emulator.worker(0).exchange({ request: { path: '/old/a' } })
  emulator.worker(0).exchange({ request: { path: '/new' } })

  expect(localReply).toMatchObject({ status: 410, details: 'moesif_governance' })
  expect(response?.headers.text('x-since')).toBe('2024')
  expect(response?.headers.text('retry-after')).toBe('60')
  expect(response?.headers.text('x-list')).toBe('[1,true]')
  expect(response?.headers.text('content-type')).toBe('application/json')
  const [blocked, passed] = eventsOf(emulator)
  expect(blocked).toMatchObject({
    blocked_by: 'gone',
    request: { uri: 'http://api.example.com/old/a' },
    response: { status: 410, headers: { 'x-since': '2024' }, body: { error: 'gone' } },
  })
  expect(passed).not.toHaveProperty('blocked_by')
})

test('does nothing of it unless governance is switched on', async () => {
  const emulator = await startWith({ rules: [block({ _id: 'all' })] }, { enable_governance: false })

  expect(blockerOf(emulator, {})).toBeNull()
  expect(emulator.collector.fetches.map((call) => call.headers[':path'])).toEqual(['/v1/config'])
})

test.each([
  ['request.verb', '^(PUT|PATCH)$', { method: 'PATCH' }, { method: 'POST' }],
  ['request.verb', '^PURGE$', { method: 'PURGE' }, { method: 'PURGES' }],
  ['request.route', '^/a$', { path: '/a?b=1' }, { path: '/ab' }],
  ['request.route', 'secret', { path: '/x/secret/y' }, { path: '/Secret' }],
  [
    'request.ip_address',
    '^203\\.0\\.113\\.',
    { headers: { 'x-forwarded-for': '203.0.113.9' } },
    { headers: { 'x-forwarded-for': '192.0.2.1' } },
  ],
  [
    'request.headers.X-Plan',
    '^free$',
    { headers: { 'x-plan': 'free' } },
    { headers: { 'x-plan': 'paid' } },
  ],
])('asks %s for %s', async (path, value, matching, other) => {
  const emulator = await startWith(
    { rules: [block({ _id: 'r', regex_config: when(path, value) })] },
    { client_ip_sources: ['header:x-forwarded-for'] },
  )

  expect(blockerOf(emulator, matching)).toBe('r')
  expect(blockerOf(emulator, other)).toBeNull()
})

test('wants all conditions of one group, or all of another', async () => {
  const verb = { path: 'request.verb', value: '^DELETE$' }
  const route = { path: 'request.route', value: '^/keep' }
  const header = { path: 'request.headers.x-key', value: '^k$' }
  const emulator = await startWith({
    rules: [
      block({ _id: 'r', regex_config: [{ conditions: [verb, route] }, { conditions: [header] }] }),
    ],
  })

  expect(blockerOf(emulator, { method: 'DELETE', path: '/keep' })).toBe('r')
  expect(blockerOf(emulator, { method: 'DELETE', path: '/other' })).toBeNull()
  expect(blockerOf(emulator, { method: 'GET', path: '/keep' })).toBeNull()
  expect(blockerOf(emulator, { headers: { 'x-key': 'k' } })).toBe('r')
})

test('applies a rule to its cohort, to everyone else, and to the unidentified', async () => {
  const emulator = await startWith({
    config: {
      user_rules: { ann: [{ rules: 'in' }, { rules: 'out' }] },
      company_rules: { acme: [{ rules: 'company' }] },
    },
    rules: [
      block({ _id: 'in', type: 'user' }),
      block({ _id: 'out', type: 'user', applied_to: 'not_matching' }),
      block({ _id: 'company', type: 'company', applied_to: 'matching' }),
      block({ _id: 'nobody', type: 'user', applied_to_unidentified: true }),
    ],
  })

  expect(blockerOf(emulator, as('ann'))).toBe('in')
  expect(blockerOf(emulator, as('bob'))).toBe('out')
  expect(blockerOf(emulator, as(null))).toBe('nobody')
  expect(blockerOf(emulator, as('ann', 'acme'))).toBe('in')
})

test('lets the rule for a user go before that for a company, and that before the rest', async () => {
  const emulator = await startWith({
    config: {
      user_rules: { ann: [{ rules: 'user' }] },
      company_rules: { acme: [{ rules: 'company' }] },
    },
    rules: [
      block({ _id: 'regex', regex_config: when('request.route', '^/') }),
      block({ _id: 'company', type: 'company' }),
      block({ _id: 'user', type: 'user' }),
    ],
  })

  expect(blockerOf(emulator, as('ann', 'acme'))).toBe('user')
  expect(blockerOf(emulator, as('bob', 'acme'))).toBe('company')
  expect(blockerOf(emulator, as('bob', 'other'))).toBe('regex')
})

test('follows priority inside a type, then the order of the document', async () => {
  const emulator = await startWith({
    rules: [
      block({ _id: 'third', regex_config: when('request.route', '^/a') }),
      block({ _id: 'fourth', regex_config: when('request.route', '^/') }),
      block({ _id: 'second', priority: 2, regex_config: when('request.route', '^/ab') }),
      block({ _id: 'first', priority: 1, regex_config: when('request.route', '^/abc') }),
    ],
  })

  expect(blockerOf(emulator, { path: '/abc' })).toBe('first')
  expect(blockerOf(emulator, { path: '/ab' })).toBe('second')
  expect(blockerOf(emulator, { path: '/a' })).toBe('third')
  expect(blockerOf(emulator, { path: '/' })).toBe('fourth')
})

test('lets the question of a browser pass, unless a rule names OPTIONS', async () => {
  const preflight = {
    method: 'OPTIONS',
    headers: { 'access-control-request-method': 'POST', origin: 'https://app.example.com' },
  }
  const all = await startWith({
    rules: [block({ _id: 'all' }), block({ _id: 'any', regex_config: when('request.verb', '.') })],
  })
  const named = await startWith({
    rules: [block({ _id: 'named', regex_config: when('request.verb', 'OPTIONS') })],
  })

  expect(blockerOf(all, preflight)).toBeNull()
  expect(blockerOf(all, { method: 'OPTIONS' })).toBe('all')
  expect(blockerOf(named, preflight)).toBe('named')
})

test('refuses an upgrade before it happens', async () => {
  const emulator = await startWith({
    rules: [block({ _id: 'ws', regex_config: when('request.route', '^/ws') })],
  })

  const exchange = emulator.worker(0).exchange({
    request: { path: '/ws', headers: { connection: 'Upgrade', upgrade: 'websocket' } },
    response: { status: 101 },
  })

  expect(exchange.localReply?.status).toBe(403)
  expect(exchange.upstreamRequest).toBeNull()
})

test('lets everything pass while no rules have come, and counts it', async () => {
  const emulator = await startPlugin({ enable_governance: true })
  emulator.collector.answerFetches({ status: 500 })
  emulator.advance(FIRST_FETCH_MS)

  expect(blockerOf(emulator, {})).toBeNull()
  emulator.advance(100)
  expect(emulator.metrics.get('moesif_governance_failed_open_total')).toBe(1)

  serve(emulator, { rules: [block({ _id: 'r' })] })
  emulator.advance(60_000)
  expect(blockerOf(emulator, {})).toBe('r')
})

test('knows nobody as outside of a cohort before it knows the cohorts', async () => {
  const emulator = await startPlugin({ enable_governance: true, user_id_header: 'x-user' })
  const rules = JSON.stringify([block({ _id: 'r', type: 'user', applied_to: 'not_matching' })])
  emulator.collector.answerFetches(({ headers }) =>
    headers[':path'] === '/v1/rules' ? { status: 200, body: rules } : { status: 503 },
  )
  emulator.advance(FIRST_FETCH_MS)

  expect(blockerOf(emulator, as('ann'))).toBeNull()
})

test('spoils no rule by another that is bad, and names it', async () => {
  const bad = [
    7,
    { _id: 'no-type', block: true },
    { type: 'regex', block: true },
    { _id: 'odd', type: 'regex', block: true, applied_to: 'some' },
    { _id: 'shape', type: 'regex', block: true, regex_config: 'all' },
  ]
  const dead = block({ _id: 'dead', regex_config: when('request.route', '(a+') })
  const unknown = block({ _id: 'unknown', regex_config: when('request.cookie', 'x') })
  const good = {
    ...block({ _id: 'good' }),
    state: 2,
    cohorts: [{ id: 'c' }],
    plans: null,
    variables: null,
  }
  const emulator = await startWith({ rules: JSON.stringify([...bad, dead, unknown, good]) })

  expect(blockerOf(emulator, {})).toBe('good')
  expect(emulator.metrics.get('moesif_governance_invalid_rules')).toBe(7)
  expect(emulator.logs.entries.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'warn moesif: /v1/rules: rule "" is left out: it is not an object (and 4 more).',
    'warn moesif: /v1/rules: rule "dead" has a condition that is never met, with the pattern "(a+": a group is not closed, at byte 0 (and 1 more).',
  ])
})

test('counts what it blocked with the tick', async () => {
  const emulator = await startWith({ rules: [block({ _id: 'r' })] })

  for (let i = 0; i < 3; i++) emulator.worker(0).exchange()
  emulator.advance(100)

  expect(emulator.metrics.get('moesif_governance_blocked_total')).toBe(3)
})

test('a path that is only a query, and none at all, are the route /', async () => {
  const emulator = await startWith({
    rules: [block({ _id: 'root', regex_config: when('request.route', '^/$') })],
  })

  expect(blockerOf(emulator, { path: '?a=b' })).toBe('root')
  expect(blockerOf(emulator, { path: '' })).toBe('root')
  expect(blockerOf(emulator, { path: '/a' })).toBeNull()
})
