import { Agent, request as httpRequest } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { startEcho } from '#sandbox/echo/echo.ts'
import { untilEveryWorker } from '#specs/support/every-worker.ts'
import { Gateway, type GatewayListener } from '#specs/support/gateway.ts'
import { TcpProxy } from '#specs/support/tcp-proxy.ts'
import { startWatchedEnvoy } from '#specs/support/watched-envoy.ts'

const options = { enable_governance: true, user_id_header: 'x-user-id', batch_max_wait: 100 }
const blockAll = { _id: 'all', type: 'regex', block: true, response: { status: 403 } }

let gateway: Gateway<'switched' | 'large' | 'sampled'>

beforeAll(async () => {
  gateway = await Gateway.start({
    listeners: {
      switched: { plugin: options },
      large: { plugin: { ...options, documents_max_bytes: 8_000_000 } },
      sampled: { plugin: { batch_max_wait: 100 } },
    },
    envoy: { concurrency: 2 },
  })
})

afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]()
})

async function statusOf(
  listener: Pick<GatewayListener, 'url'>,
  headers: Record<string, string> = {},
  agent?: Agent,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  httpRequest(listener.url, { headers, agent: agent ?? false }, (response) => {
    response
      .resume()
      .on('end', () => resolve(response.statusCode ?? 0))
      .on('error', reject)
  })
    .on('error', reject)
    .end()
  return await promise
}

/** Until a change in Moesif is with every worker: after a batch, its spread, and a look of each at what they share. */
async function untilAll(
  listener: Pick<GatewayListener, 'url'>,
  status: number,
  headers: Record<string, string> = {},
): Promise<void> {
  await untilEveryWorker(async () => (await statusOf(listener, headers)) === status)
}

test('switches a rule on and off under load: no request is lost, none refused outside of its time', async () => {
  const listener = gateway.listener('switched')
  const seen: { at: number; status: number }[] = []
  const agent = new Agent({ keepAlive: true, maxSockets: 8 })
  const running = new AbortController()
  const load = Array.from({ length: 8 }, async () => {
    while (!running.signal.aborted) {
      seen.push({ at: Date.now(), status: await statusOf(listener, {}, agent) })
      await sleep(40)
    }
  })

  const on = Date.now()
  await listener.application.rules.put([blockAll])
  await untilAll(listener, 403)
  await listener.application.rules.put([])
  await untilAll(listener, 200)
  const quiet = Date.now()
  const passed = () => seen.filter(({ at }) => at >= quiet)
  await expect.poll(() => passed().length).toBeGreaterThan(50)
  running.abort()
  await Promise.all(load)
  agent.destroy()

  expect(seen.length).toBeGreaterThan(200)
  expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([200, 403]))
  const refused = seen.filter(({ status }) => status === 403).map(({ at }) => at)
  expect(Math.min(...refused)).toBeGreaterThanOrEqual(on)
  expect(Math.max(...refused)).toBeLessThan(quiet)
})

test('takes a document of 4 MiB, and answers meanwhile', async () => {
  const listener = gateway.listener('large')
  const users = Object.fromEntries(
    Array.from({ length: 100_000 }, (_, i) => [
      `user-${i}`,
      [{ rules: 'quota', values: { 0: 'F' } }],
    ]),
  )
  const config = { user_rules: users }
  expect(JSON.stringify(config).length).toBeGreaterThan(4 * 1024 * 1024)
  await listener.application.config.put(config)
  await listener.application.rules.put([
    { _id: 'quota', type: 'user', block: true, response: { status: 429 } },
  ])

  const seen: number[] = []
  const running = new AbortController()
  const load = (async () => {
    while (!running.signal.aborted) seen.push(await statusOf(listener))
  })()
  await untilAll(listener, 429, { 'x-user-id': 'user-99999' })
  running.abort()
  await load

  expect(await statusOf(listener, { 'x-user-id': 'user-100000' })).toBe(200)
  expect(new Set(seen)).toEqual(new Set([200]))
})

test('keeps the share that Moesif asks for, and counts the rest', async () => {
  const listener = gateway.listener('sampled')
  await listener.application.config.put({ sample_rate: 0 })
  const before = (await gateway.envoy.metrics())['moesif_events_sampled_out_total'] ?? 0
  await expect
    .poll(
      async () => {
        await statusOf(listener)
        return (await gateway.envoy.metrics())['moesif_events_sampled_out_total']
      },
      { interval: 50 },
    )
    .toBeGreaterThan(before + 10)

  const { received } = await listener.application.counts()
  for (let i = 0; i < 20; i++) await statusOf(listener)
  await gateway.envoy.waitForMetrics(
    (now) => now['moesif_events_sampled_out_total']! >= before + 30,
  )

  expect((await listener.application.counts()).received).toBe(received)
})

test('lets requests pass while Moesif is down from the start, governs once it is up, and keeps governing when it is down again', async () => {
  const runtime = inject('envoyRuntime')
  await using echo = await startEcho({ host: runtime.bindHost })
  await using mock = await startMockMoesif({ host: runtime.bindHost })
  await using proxy = await TcpProxy.start(mock.port, runtime.bindHost)
  await proxy.close()
  await mock.application('down').rules.put([blockAll])
  await using envoy = await startWatchedEnvoy({
    runtime,
    mocks: [mock],
    upstream: echo.url,
    collector: proxy.url,
    concurrency: 2,
    listeners: [
      { name: 'gateway', plugin: { options: { ...options, moesif_application_id: 'down' } } },
    ],
  })

  await envoy.waitForMetrics((now) => (now['moesif_documents_failed_total'] ?? 0) > 0)
  expect(await statusOf(envoy)).toBe(200)
  await envoy.waitForMetrics((now) => (now['moesif_governance_failed_open_total'] ?? 0) > 0)
  await proxy.listen()
  await untilAll(envoy, 403)
  await proxy.close()

  for (let i = 0; i < 20; i++) expect(await statusOf(envoy)).toBe(403)
  await proxy.listen()
})
