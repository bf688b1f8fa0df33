import { expect, test, vi } from 'vitest'
import type { HttpCall, MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { SharedStore } from '#sandbox/emulator/host/shared-store.ts'
import { FIRST_FETCH_MS, serve, startWith, tagOf, type Rule } from './support/documents.ts'
import { APPLICATION_ID, startPlugin } from './support/plugin-under-test.ts'

const governed = { enable_governance: true }
const blockAll: Rule = { _id: 'all', type: 'regex', block: true, response: { status: 403 } }

const paths = (emulator: MoesifEmulator) =>
  emulator.collector.fetches.map(({ headers }) => headers[':path'])
const isBlocking = (emulator: MoesifEmulator, worker = 0) =>
  emulator.worker(worker).exchange().localReply !== null

function warnings(emulator: MoesifEmulator): string[] {
  return emulator.logs.entries.map(({ message }) => message)
}

test('asks where events go, as the same application', async () => {
  const emulator = await startPlugin({
    ...governed,
    base_uri: 'https://proxy.test:8443/collector/v1',
    upstream: 'moesif_proxy',
    connection_timeout: 1234,
  })
  emulator.advance(FIRST_FETCH_MS)

  // What is not answered is asked for again, maybe within the same seconds.
  expect([...new Set(paths(emulator))].sort()).toEqual([
    '/collector/v1/config',
    '/collector/v1/rules',
  ])
  for (const { cluster, timeoutMs, headers } of emulator.collector.fetches) {
    expect({ cluster, timeoutMs }).toEqual({ cluster: 'moesif_proxy', timeoutMs: 1234 })
    expect(headers).toMatchObject({
      ':method': 'GET',
      ':authority': 'proxy.test:8443',
      'x-moesif-application-id': APPLICATION_ID,
      accept: 'application/json',
    })
    expect(headers).not.toHaveProperty('if-none-match')
  }
})

test('asks for nothing when both are off', async () => {
  const emulator = await startPlugin({ disable_sampling: true })

  emulator.advance(600_000)

  expect(emulator.collector.fetches).toEqual([])
})

test('asks once for all workers, and each takes over the answer', async () => {
  const emulator = await startWith({ rules: [blockAll] }, governed, {
    workers: 4,
    mainThread: true,
  })
  emulator.advance(1000)

  expect(paths(emulator).sort()).toEqual(['/v1/config', '/v1/rules'])
  expect([0, 1, 2, 3].map((worker) => isBlocking(emulator, worker))).toEqual([
    true,
    true,
    true,
    true,
  ])
})

test('spreads the first question of gateways that start together', async () => {
  const first = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const emulator = await startPlugin({})
      emulator.advance(FIRST_FETCH_MS)
      return emulator.collector.fetches[0]!.at - emulator.clock.now + FIRST_FETCH_MS
    }),
  )

  const seconds = new Set(first.map((ms) => Math.floor(ms / 1000)))
  expect(seconds.size).toBeGreaterThanOrEqual(4)
  expect(Math.max(...first)).toBeLessThanOrEqual(5600)
})

test('asks again about once a minute, whether anything is new', async () => {
  const emulator = await startWith({}, { enable_governance: false })

  emulator.advance(10 * 60_000)

  const { fetches } = emulator.collector
  expect(fetches.length).toBeGreaterThanOrEqual(9)
  expect(fetches.length).toBeLessThanOrEqual(13)
  expect(fetches.slice(1).map((call) => call.headers['if-none-match'])).toEqual(
    Array.from({ length: fetches.length - 1 }, () => tagOf('{}')),
  )
  expect(new Set(fetches.map(({ at }) => at % 60_000)).size).toBeGreaterThan(3)
})

test.each([
  ['Moesif’s own header', { 'x-moesif-config-etag': 'own', etag: '"http"' }, 'own'],
  ['ETag where there is no other', { etag: '"http"' }, '"http"'],
])('asks whether anything is new by %s', async (_, headers, tag) => {
  const emulator = await startPlugin()
  emulator.collector.answerFetches({ status: 200, headers, body: '{}' })
  emulator.advance(FIRST_FETCH_MS)
  emulator.advance(90_000)

  expect(emulator.collector.fetches.at(-1)?.headers['if-none-match']).toBe(tag)
})

test("asks at once when a batch's answer carries a tag that is not known", async () => {
  const emulator = await startWith({}, governed)
  const { collector } = emulator
  const before = collector.fetches.length

  collector.answerNext({ status: 201, headers: { 'x-moesif-rules-tag': 'new' } })
  emulator.worker(0).exchange()
  emulator.advance(7500)

  expect(paths(emulator).slice(before)).toEqual(['/v1/rules'])
})

test('does not ask again and again for a tag that the answer does not have', async () => {
  const emulator = await startWith({}, governed)
  const { collector } = emulator
  const before = collector.fetches.length
  collector.answerAlways({ status: 201, headers: { 'x-moesif-rules-tag': 'elsewhere' } })

  for (let i = 0; i < 12; i++) {
    emulator.worker(0).exchange()
    emulator.advance(3000)
  }

  expect(paths(emulator).slice(before)).toEqual(['/v1/rules'])
})

test('asks each minute, though tags say that nothing is new, once some tag was another', async () => {
  const emulator = await startWith({}, governed)
  const { collector } = emulator
  collector.answerAlways({ status: 201, headers: { 'x-moesif-rules-tag': tagOf('[]') } })
  collector.answerNext({ status: 201, headers: { 'x-moesif-rules-tag': 'elsewhere' } })
  for (let i = 0; i < 4; i++) {
    emulator.worker(0).exchange()
    emulator.advance(3000)
  }

  serve(emulator, { rules: [blockAll] })
  for (let i = 0; i < 24; i++) {
    emulator.worker(0).exchange()
    emulator.advance(3000)
  }

  expect(isBlocking(emulator)).toBe(true)
})

test('goes back to the document before as fast as it took the new one', async () => {
  const emulator = await startWith({ rules: [] }, governed)

  for (const rules of [[blockAll], [], [blockAll], []]) {
    serve(emulator, { rules })
    const tag = tagOf(JSON.stringify(rules))
    emulator.collector.answerAlways({ status: 201, headers: { 'x-moesif-rules-tag': tag } })
    emulator.worker(0).exchange()
    emulator.advance(7500)

    expect(isBlocking(emulator)).toBe(rules.length > 0)
  }
})

test('asks again for a tag that it saw while an older answer was on its way', async () => {
  const emulator = await startPlugin({ ...governed, connection_timeout: 5000 })
  const { collector } = emulator
  const headers = { 'x-moesif-rules-tag': tagOf('[]') }
  collector.answerFetches({ status: 200, headers, body: '[]', delayMs: 4000 })
  while (!paths(emulator).includes('/v1/rules')) emulator.advance(100)

  serve(emulator, { rules: [blockAll] })
  const tag = tagOf(JSON.stringify([blockAll]))
  collector.answerAlways({ status: 201, headers: { 'x-moesif-rules-tag': tag } })
  for (let second = 0; second < 12; second++) {
    emulator.worker(0).exchange()
    emulator.advance(1000)
  }

  expect(isBlocking(emulator)).toBe(true)
})

test('takes over a document though another worker writes at the same moment', async () => {
  const emulator = await startPlugin(governed, { workers: 2 })
  serve(emulator, { rules: [blockAll] })
  const { set } = SharedStore.prototype
  const refused: string[] = []
  let writes = 0
  using written = vi.spyOn(SharedStore.prototype, 'set')
  written.mockImplementation(function (this: SharedStore, vmId, key, value, cas) {
    const known = this.get(vmId, key)
    // Twice in a row somebody else is faster, then nobody.
    if (cas && known && paths(emulator).includes('/v1/rules') && writes++ % 3 < 2) {
      refused.push(key)
      set.call(this, vmId, key, known.value, 0)
    }
    return set.call(this, vmId, key, value, cas)
  })
  emulator.advance(FIRST_FETCH_MS + 1000)

  expect(refused.length).toBeGreaterThan(0)
  expect([isBlocking(emulator, 0), isBlocking(emulator, 1)]).toEqual([true, true])
})

test('asks less often while tags show that nothing is new', async () => {
  const emulator = await startWith({}, { enable_governance: false })
  const { collector } = emulator
  collector.answerAlways({ status: 201, headers: { 'x-moesif-config-etag': tagOf('{}') } })

  for (let i = 0; i < 100; i++) {
    emulator.worker(0).exchange()
    emulator.advance(3000)
  }
  expect(collector.fetches).toHaveLength(1)
  for (let i = 0; i < 130; i++) {
    emulator.worker(0).exchange()
    emulator.advance(3000)
  }

  expect(collector.fetches).toHaveLength(2)
})

test('puts a new document in the place of the old one whole', async () => {
  const emulator = await startWith({ rules: [blockAll] }, governed)
  expect(isBlocking(emulator)).toBe(true)

  serve(emulator, { rules: [] })
  emulator.advance(75_000)
  expect(isBlocking(emulator)).toBe(false)

  serve(emulator, { rules: [blockAll] })
  emulator.advance(75_000)
  expect(isBlocking(emulator)).toBe(true)
})

const failures: [string, Parameters<MoesifEmulator['collector']['answerFetches']>[0], string][] = [
  [
    '500',
    { status: 500 },
    '/v1/config is answered 500: check base_uri and the cluster named by upstream',
  ],
  ['401', { status: 401 }, '/v1/config is answered 401: check moesif_application_id'],
  ['no JSON', { status: 200, body: '[{"_id":"all"' }, '/v1/config is not JSON'],
  ['nothing', { status: 200, body: '' }, '/v1/config is not JSON'],
  [
    'too much',
    { status: 200, body: JSON.stringify('x'.repeat(2000)) },
    '/v1/config is larger than documents_max_bytes',
  ],
  ['a reset', { reset: true }, '/v1/config is not answered: check base_uri'],
  ['no host', { unreachable: 'connection-refused' }, '/v1/config is answered 503'],
]

test.each(failures)('keeps the old documents when the answer is %s', async (_, answer, message) => {
  const emulator = await startWith(
    { rules: [blockAll] },
    { ...governed, documents_max_bytes: 1024 },
  )
  emulator.collector.answerFetches((call) => {
    if (call.headers[':path'] === '/v1/rules') return { status: 304 }
    return typeof answer === 'function' ? answer(call) : answer
  })

  emulator.advance(75_000)

  expect(isBlocking(emulator)).toBe(true)
  expect(emulator.metrics.get('moesif_documents_failed_total')).toBeGreaterThanOrEqual(1)
  expect(warnings(emulator)).toHaveLength(1)
  expect(warnings(emulator)[0]).toContain(`moesif: ${message}`)
})

test('tries again with growing pauses, and no faster than every three seconds', async () => {
  const emulator = await startPlugin({ disable_sampling: false })
  emulator.collector.answerFetches({ status: 503 })

  emulator.advance(600_000)

  const times = emulator.collector.fetches.map(({ at }) => at)
  const pauses = times.slice(1).map((at, i) => at - times[i]!)
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(3000)
  expect(Math.max(...pauses)).toBeGreaterThan(15_000)
  expect(times.length).toBeLessThan(60)
})

test.each([[{ refuse: 10 as const }], [{ refuse: 2 as const }]])(
  'goes on asking when the host refuses the call: %j',
  async (answer) => {
    const emulator = await startPlugin(governed)
    emulator.collector.answerFetches(answer)
    emulator.advance(30_000)

    serve(emulator, { rules: [blockAll] })
    emulator.advance(45_000)

    expect(isBlocking(emulator)).toBe(true)
  },
)

test('lets another worker ask when the one that asked gets no answer', async () => {
  const emulator = await startPlugin({ ...governed, connection_timeout: 1000 }, { workers: 2 })
  const asked: HttpCall[] = []
  emulator.collector.answerFetches((call) => {
    asked.push(call)
    return { silent: true }
  })
  emulator.advance(FIRST_FETCH_MS)
  expect(asked.length).toBeGreaterThanOrEqual(2)

  serve(emulator, { rules: [blockAll] })
  emulator.advance(60_000)

  expect(isBlocking(emulator, 0)).toBe(true)
  expect(isBlocking(emulator, 1)).toBe(true)
})

test('does not stop asking when the clock is set back', async () => {
  const emulator = await startWith({}, governed)
  // Timers run on another clock than the one that is set back.
  const lost = 7 * 86_400_000
  const { clock } = emulator
  Object.defineProperty(clock, 'nanoseconds', { get: () => BigInt(clock.now - lost) * 1_000_000n })

  serve(emulator, { rules: [blockAll] })
  emulator.advance(75_000)

  expect(isBlocking(emulator)).toBe(true)
})

test('has the documents at once after an update of the configuration', async () => {
  const emulator = await startWith({ rules: [blockAll] }, governed)
  emulator.collector.answerFetches({ status: 503 })

  emulator.configure({ moesif_application_id: APPLICATION_ID, ...governed, batch_max_size: 7 })

  expect(isBlocking(emulator)).toBe(true)
})

test.each([
  ['applications', { moesif_application_id: 'another-application-id' }],
  ['clusters', { upstream: 'another_api' }],
  ['collectors', { base_uri: 'https://another.test' }],
])('keeps documents of two %s in one process apart', async (_, other) => {
  const emulator = await startWith({ rules: [blockAll] }, governed)

  emulator.configure({ moesif_application_id: APPLICATION_ID, ...governed, ...other })
  emulator.collector.answerFetches({ status: 503 })
  emulator.advance(FIRST_FETCH_MS)

  expect(isBlocking(emulator)).toBe(false)
})

/** From now on each look at the clock takes a millisecond: a piece is over after five. */
function slowClock({ clock }: MoesifEmulator): void {
  let looks = 0
  Object.defineProperty(clock, 'nanoseconds', {
    get: () => BigInt(Math.floor(clock.now) + looks++) * 1_000_000n,
  })
}

/** Serves a configuration that keeps nothing of `user-4999`; the ticks after its fetch until that is so. */
function ticksUntilTaken(emulator: MoesifEmulator, config: object): number {
  const { collector } = emulator
  const before = collector.fetches.length
  serve(emulator, { config })
  while (collector.fetches.length === before) emulator.advance(100)
  const isTaken = () => {
    emulator.worker(0).exchange({ request: { headers: { 'x-user': 'user-4999' } } })
    return emulator.metrics.get('moesif_events_sampled_out_total') !== 0
  }
  let ticks = 0
  for (; !isTaken() && ticks < 100; ticks++) emulator.advance(100)
  return ticks
}

test('reads a large document in pieces, while the old one stays', async () => {
  const users = Array.from({ length: 5000 }, (_, i) => [`user-${i}`, 0] as const)
  const emulator = await startWith({ config: {} }, { enable_governance: false })
  slowClock(emulator)

  const ticks = ticksUntilTaken(emulator, { user_sample_rate: Object.fromEntries(users) })

  expect(ticks).toBeGreaterThan(5)
  expect(ticks).toBeLessThan(20)
})

test('checks in pieces, too, that a large document is JSON', async () => {
  const unknown = Array.from({ length: 20_000 }, (_, i) => ({ id: i, tags: [['a', true], null] }))
  const emulator = await startWith({ config: {} }, { enable_governance: false })
  slowClock(emulator)

  const ticks = ticksUntilTaken(emulator, { unknown, user_sample_rate: { 'user-4999': 0 } })

  expect(ticks).toBeGreaterThan(3)
  expect(ticks).toBeLessThan(20)
})

test('finds what is wrong in any piece of a large document', async () => {
  const rules = JSON.stringify([blockAll, ...Array.from({ length: 10_000 }, () => [['x'], 1])])
  const broken = [
    rules.replace(/\]$/, '}'),
    rules.slice(0, -50_000) + rules.slice(-50_000).replace('"x"', '"x'),
    `${rules} 1`,
    rules.slice(0, -1),
  ]
  const emulator = await startWith({ rules: [] }, governed)

  const failed = () => emulator.metrics.get('moesif_documents_failed_total') ?? 0
  for (const text of broken) {
    const before = failed()
    serve(emulator, { rules: text })
    emulator.advance(80_000)
    expect(isBlocking(emulator)).toBe(false)
    expect(failed(), text.slice(-20)).toBeGreaterThan(before)
  }
  serve(emulator, { rules })
  emulator.advance(80_000)
  expect(isBlocking(emulator)).toBe(true)
})

test('finds each of a hundred thousand users', async () => {
  const users = Object.fromEntries(
    Array.from({ length: 100_000 }, (_, i) => [`user-${i}`, [{ rules: i % 2 ? 'odd' : 'even' }]]),
  )
  const emulator = await startWith(
    { config: { user_rules: users }, rules: [{ ...blockAll, _id: 'odd', type: 'user' }] },
    { documents_max_bytes: 16 * 1024 * 1024 },
  )
  const blocked = (user: string) =>
    emulator.worker(0).exchange({ request: { headers: { 'x-user': user } } }).localReply !== null

  expect([1, 2, 777, 99_998, 99_999].map((i) => blocked(`user-${i}`))).toEqual([
    true,
    false,
    true,
    false,
    true,
  ])
  expect(blocked('user-100001')).toBe(false)
})
