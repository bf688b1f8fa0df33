import { expect, test } from 'vitest'
import { Status, type MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { FIRST_FETCH_MS, block, isBlocking, serve, startWith, when } from './support/documents.ts'
import { APPLICATION_ID, eventsOf, startPlugin } from './support/plugin-under-test.ts'

const all = block({ _id: 'all' })
const lines = (emulator: MoesifEmulator) => emulator.logs.entries.map(({ message }) => message)

const STAYS = '. The last one that came stays in use; without any, every request passes.'

test.each<[what: string, answer: object, line: string]>([
  ['401', { status: 401 }, 'is answered 401: check moesif_application_id'],
  ['403', { status: 403 }, 'is answered 403: check moesif_application_id'],
  ['402', { status: 402 }, 'is answered 402: check base_uri and the cluster named by upstream'],
  ['404', { status: 404 }, 'is answered 404: check base_uri and the cluster named by upstream'],
  [
    '201',
    { status: 201, body: '[]' },
    'is answered 201: check base_uri and the cluster named by upstream',
  ],
  ['nothing', { reset: true }, 'is not answered: check base_uri and the cluster named by upstream'],
  ['no JSON', { status: 200, body: '[' }, 'is not JSON, or nested deeper than 256'],
  [
    'an object',
    { status: 200, body: '{}' },
    'is not what belongs there: an object in /v1/config, a list in /v1/rules',
  ],
  [
    'too much',
    { status: 200, body: `[${' '.repeat(1023)}]` },
    'is larger than documents_max_bytes',
  ],
])(
  'that /v1/rules is answered with %s is logged with what to do, once a minute',
  async (_, answer, line) => {
    const emulator = await startPlugin(
      { enable_governance: true, documents_max_bytes: 1024 },
      { random: (bytes) => bytes.fill(1) },
    )
    emulator.collector.answerFetches((call) =>
      call.headers[':path'] === '/v1/rules' ? (answer as { status: number }) : { status: 304 },
    )
    const words = `moesif: /v1/rules ${line}${STAYS}`
    while (lines(emulator).length === 0) emulator.advance(100)
    const from = emulator.clock.now

    expect(lines(emulator)).toEqual([words])
    emulator.advance(59_999)
    expect(lines(emulator)).toEqual([words])
    emulator.advance(60_000)
    expect(lines(emulator)).toEqual([words, words])
    expect(emulator.logs.entries[1]!.at - from).toBeGreaterThanOrEqual(60_000)
  },
)

test('a document of exactly documents_max_bytes is taken', async () => {
  const rules = JSON.stringify([all])
  const emulator = await startWith({ rules: rules.padEnd(1024) }, { documents_max_bytes: 1024 })
  expect(isBlocking(emulator)).toBe(true)
  expect(lines(emulator)).toEqual([])
})

test('by default a document has four mebibytes at most', async () => {
  const rules = JSON.stringify([all])
  for (const [length, blocks] of [
    [4 * 1024 * 1024, true],
    [4 * 1024 * 1024 + 1, false],
  ] as const) {
    const emulator = await startWith({ rules: rules.padEnd(length) })
    emulator.advance(2000)
    expect(isBlocking(emulator)).toBe(blocks)
  }
})

const ratedGroup = (path: string, value: string) => ({ ...when(path, value)[0]!, sample_rate: 0 })

test('what is wrong with a configuration is logged: its first condition, and how many more', async () => {
  const one = await startWith({ config: { regex_config: [ratedGroup('request.verb', '(')] } })
  const more = await startWith({
    config: {
      regex_config: [
        ratedGroup('request.uri', 'x'),
        ratedGroup('request.verb', 'a('),
        ratedGroup('', ''),
      ],
    },
  })

  expect(lines(one)).toEqual([
    'moesif: /v1/config: a condition that is never met, with the pattern "(": a group is not closed, at byte 0.',
  ])
  expect(lines(more)).toEqual([
    'moesif: /v1/config: a condition that is never met, with the unknown path "request.uri" (and 2 more).',
  ])
})

test('what is wrong with rules is logged: the first rule, condition and header, and how many more of each', async () => {
  const rules = [
    { _id: 'a', type: 'no', block: true },
    { _id: 'b', type: 'regex', applied_to: 'no' },
    block({ _id: 'c', regex_config: [{ conditions: 'no' }] as never }),
    block({ _id: 'd', regex_config: when('request.verb', 'x)') }),
    block({ _id: 'e', response: { headers: { te: 'x' } } }),
    block({ _id: 'f', response: { headers: { host: 'x', upgrade: 'y' } } }),
  ]
  const emulator = await startWith({ rules: JSON.stringify(rules) })

  expect(lines(emulator)).toEqual([
    'moesif: /v1/rules: rule "a" is left out: its "type" is none of user, company and regex (and 1 more).',
    expect.stringMatching(
      /^moesif: \/v1\/rules: rule "c" has a condition that is never met, with no "path" and "value" in ".*" \(and 1 more\)\.$/,
    ),
    'moesif: /v1/rules: rule "e" cannot set the header "te" (and 2 more).',
  ])
  expect(emulator.metrics.get('moesif_governance_invalid_rules')).toBe(7)
})

test.each<[rule: unknown, words: string]>([
  [7, 'rule "" is left out: it is not an object.'],
  [{ type: 'regex' }, 'rule "" is left out: it has no "_id".'],
  [{ _id: 7, type: 'regex' }, 'rule "" is left out: it has no "_id".'],
  [{ _id: 'x' }, 'rule "x" is left out: its "type" is none of user, company and regex.'],
  [
    { _id: 'x', type: 'users' },
    'rule "x" is left out: its "type" is none of user, company and regex.',
  ],
  [
    { _id: 'x', type: 'user', applied_to: 'matchin' },
    'rule "x" is left out: its "applied_to" is neither matching nor not_matching.',
  ],
  [
    { _id: 'x', type: 'user', regex_config: {} },
    'rule "x" is left out: its "regex_config" is not a list.',
  ],
  [
    { _id: 'x', type: 'user', response: [] },
    'rule "x" is left out: its "response" is not an object.',
  ],
])('of the rules %j is left out, and why', async (rule, words) => {
  const emulator = await startWith({ rules: JSON.stringify([rule, all]) })

  expect(lines(emulator)).toEqual([`moesif: /v1/rules: ${words}`])
  expect(isBlocking(emulator)).toBe(true)
})

test('a worker that takes a document over does not log what is wrong with it again', async () => {
  const emulator = await startWith(
    { rules: '[7]', config: { regex_config: [ratedGroup('request.verb', '(')] } },
    {},
    { workers: 3 },
  )
  emulator.advance(2000)

  expect(lines(emulator)).toHaveLength(2)
})

test.each([
  [1024, true],
  [1025, false],
])('a tag of %i bytes is asked with: %s', async (length, isUsed) => {
  const emulator = await startPlugin()
  emulator.collector.answerFetches({
    status: 200,
    headers: { etag: 'e'.repeat(length) },
    body: '{}',
  })
  emulator.advance(FIRST_FETCH_MS)
  emulator.advance(75_000)

  expect(emulator.collector.fetches.at(-1)?.headers['if-none-match']).toBe(
    isUsed ? 'e'.repeat(length) : undefined,
  )
})

test('a host without shared data: each root asks for itself, and goes on asking', async () => {
  const emulator = await startPlugin({ enable_governance: true }, { workers: 2 })
  const { shared } = emulator.host
  shared.get = () => undefined
  shared.set = () => Status.Unimplemented
  emulator.configure({
    moesif_application_id: APPLICATION_ID,
    enable_governance: true,
    debug: true,
  })
  serve(emulator, { rules: [all] })
  emulator.advance(FIRST_FETCH_MS)
  emulator.advance(1000)

  expect([isBlocking(emulator, 0), isBlocking(emulator, 1)]).toEqual([true, true])
  const { fetches } = emulator.collector
  const before = fetches.length
  emulator.advance(300_000)
  expect(emulator.collector.fetches.length - before).toBeGreaterThanOrEqual(2 * 2 * 4)
  expect(emulator.collector.fetches.length - before).toBeLessThanOrEqual(3 * 2 * 2 * 7)
})

/** From now on each look at the clock takes a millisecond. */
function slowClock({ clock }: MoesifEmulator): void {
  let looks = 0
  Object.defineProperty(clock, 'nanoseconds', {
    get: () => BigInt(Math.floor(clock.now) + looks++) * 1_000_000n,
  })
}

test('rules are read in pieces, too, while the old ones stay', async () => {
  const emulator = await startWith({ rules: [] })
  slowClock(emulator)
  const many = Array.from({ length: 100 }, (_, i) =>
    block({ _id: `r${i}`, regex_config: when('request.route', `^/${i}$`) }),
  )
  const { collector } = emulator
  const before = collector.fetches.length
  serve(emulator, { rules: [...many, all] })
  const isAskedFor = () =>
    collector.fetches.slice(before).some(({ headers }) => headers[':path'] === '/v1/rules')
  while (!isAskedFor()) emulator.advance(100)
  let ticks = 0
  for (; !isBlocking(emulator) && ticks < 100; ticks++) emulator.advance(100)

  expect(ticks).toBeGreaterThan(3)
  expect(ticks).toBeLessThan(40)
})

test('schedules are looked at twice a second', async () => {
  const emulator = await startPlugin({ disable_metadata: true })
  emulator.advance(FIRST_FETCH_MS)
  emulator.hostCalls.reset()
  emulator.advance(10_000)

  expect(emulator.hostCalls.of('proxy_get_shared_data').calls).toBe(20)
})

test('a fetch that brought something, or nothing new, is counted, and one that did not is a failure', async () => {
  const emulator = await startPlugin()
  const counts = () =>
    ['fetched', 'failed'].map((name) => emulator.metrics.get(`moesif_documents_${name}_total`))
  const next = (answer: object) => {
    const before = emulator.collector.fetches.length
    emulator.collector.answerFetches(answer as { status: number })
    while (emulator.collector.fetches.length === before) emulator.advance(100)
    emulator.advance(100)
  }
  next({ status: 200, body: '{}' })
  expect(counts()).toEqual([1, 0])
  next({ status: 304 })
  expect(counts()).toEqual([2, 0])
  next({ status: 500 })
  expect(counts()).toEqual([2, 1])
  next({ status: 200, body: '[]' })
  expect(counts()).toEqual([2, 2])
  next({ reset: true })
  expect(counts()).toEqual([2, 3])
})

test('a configuration may have any number of members, empty ones and unknown ones, in any order', async () => {
  const config = `{"a":[],"user_sample_rate":{},"b":{"user_sample_rate":{"ann":0}},"company_sample_rate":{ "acme" : 0 , "x":100 } ,
    "user_rules":{"ann":[]},"regex_config":[],"c":null, "company_rules":{},"user_sample_rate" : {"bob":0}, "sample_rate":100 }`
  const emulator = await startWith({ config }, { enable_governance: false })
  for (const [user, company] of [
    ['ann', 'other'],
    ['bob', 'x'],
    ['ann', 'acme'],
    ['ann', 'x'],
  ] as const) {
    emulator.worker(0).exchange({ request: { headers: { 'x-user': user, 'x-company': company } } })
  }

  expect(eventsOf(emulator).map((event) => [event.user_id, event.company_id])).toEqual([
    ['ann', 'other'],
    ['ann', 'x'],
  ])
})

test('a root that ends while it checks or reads a document gives all of it back', async () => {
  const emulator = await startWith({}, {}, { random: (bytes) => bytes.fill(3) })
  slowClock(emulator)
  const users = Array.from({ length: 4000 }, (_, i) => [`user-of-some-name-${i}`, [{ rules: 'r' }]])
  const many = Array.from({ length: 300 }, (_, i) =>
    block({ _id: `r${i}`, regex_config: when('request.route', `^/${i}$`) }),
  )
  serve(emulator, { config: { user_rules: Object.fromEntries(users) }, rules: many })
  const { collector } = emulator
  const pages: number[] = []
  for (let round = 0; round < 48; round++) {
    // Another application: another document, which nobody has fetched as yet.
    const plugin = emulator.configure({
      moesif_application_id: `application-${round}`,
      enable_governance: true,
    })
    const before = collector.fetches.length
    const isAsked = () =>
      collector.fetches.slice(before).some(({ headers }) => headers[':path'] === '/v1/config')
    while (!isAsked()) emulator.advance(100)
    emulator.advance(100 * (round % 6))
    plugin.remove()
    pages.push(emulator.memoryPages)
  }

  expect(emulator.traps).toEqual([])
  expect(pages.at(-1)! - Math.max(...pages.slice(0, 24))).toBeLessThan(10)
})
