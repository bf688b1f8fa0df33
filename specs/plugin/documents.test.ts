import { expect, test, vi } from 'vitest'
import type { MoesifEmulator } from '#sandbox/emulated-plugin/index.ts'
import { SharedStore } from '#sandbox/emulator/host/shared-store.ts'
import {
  FIRST_FETCH_MS,
  blockAll,
  governed,
  isBlocking,
  serve,
  startWith,
  tagOf,
} from './support/documents.ts'
import { APPLICATION_ID, startPlugin } from './support/plugin-under-test.ts'

const paths = (emulator: MoesifEmulator) =>
  emulator.collector.fetches.map(({ headers }) => headers[':path'])

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
