import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { startMockMoesif, type StartedMockMoesif } from '#mock-moesif/index.ts'
import { startEcho, type Echo } from '#sandbox/echo/echo.ts'
import { TcpProxy } from '#specs/support/tcp-proxy.ts'
import { DeliveryGateway } from '#specs/support/delivery-gateway.ts'
import { NOTHING } from '#specs/support/nothing.ts'

const runtime = inject('envoyRuntime')
let echo: Echo
let mock: StartedMockMoesif

beforeAll(async () => {
  echo = await startEcho({ host: runtime.bindHost })
  mock = await startMockMoesif({ host: runtime.bindHost })
})

afterAll(async () => {
  await mock?.[Symbol.asyncDispose]()
  await echo?.[Symbol.asyncDispose]()
})

test('delivers what is pending at SIGTERM over a connection that is warm', async () => {
  await using gateway = await DeliveryGateway.start({
    runtime,
    mock,
    upstream: echo.url,
    options: { batch_max_size: 10, batch_max_wait: 60_000 },
  })
  await gateway.send(10)
  await gateway.settle()
  await gateway.send(7)

  const exitCode = await gateway.envoy.end('SIGTERM')

  expect(exitCode).toBe(0)
  await gateway.application.awaitEvents({ count: 17 })
  gateway.expectNoCrash()
})

test('delivers everything when Envoy is drained before it is ended, also over a cold connection', async () => {
  await using gateway = await DeliveryGateway.start({
    runtime,
    mock,
    upstream: echo.url,
    options: { batch_max_wait: 1000 },
    envoy: { concurrency: 2 },
  })
  await gateway.send(15)

  const { flushed } = await gateway.envoy.stop()

  expect(flushed).toBe(true)
  await gateway.application.awaitEvents({ count: 15 })
  gateway.expectNoCrash()
})

test('answers every request while the collector is dead, counts each drop, and delivers the rest afterwards', async () => {
  await using proxy = await TcpProxy.start(mock.port, runtime.bindHost)
  await using gateway = await DeliveryGateway.start({
    runtime,
    mock,
    upstream: echo.url,
    collector: proxy.url,
    options: { queue_max_bytes: 100_000 },
    envoy: { concurrency: 2 },
  })
  await proxy.close()
  const requests = 1000

  await gateway.send(requests, { atOnce: 16 })
  const { captured, pending, dropped } = await gateway.accountOfAll()
  expect(captured).toBe(requests)
  expect(pending).toBeGreaterThan(0)
  expect(dropped).toEqual({ queue_full: requests - pending })
  await proxy.listen()

  const account = await gateway.settle()
  expect(account.dropped).toEqual(dropped)
  expect(account.sent).toBe(pending)
  expect(await gateway.received()).toBe(pending)
  gateway.expectNoCrash()
})

test('delivers to a collector that speaks HTTP/2', async () => {
  await using collector = await startEcho({ host: runtime.bindHost })
  await using gateway = await DeliveryGateway.start({
    runtime,
    mock,
    upstream: echo.url,
    collector: { url: collector.url, http2: true },
  })

  await gateway.send(30)

  expect(await gateway.settle()).toMatchObject({ sent: 30, dropped: NOTHING })
  expect(await gateway.envoy.stats(/^cluster\.moesif_api\.upstream_cx_http2_total$/)).toMatchObject(
    {
      'cluster.moesif_api.upstream_cx_http2_total': 1,
    },
  )
})
