import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { startMockMoesif, type StartedMockMoesif } from '#mock-moesif/index.ts'
import { startEcho, type Echo } from '#sandbox/echo/echo.ts'
import { DeliveryGateway } from '#specs/support/delivery-gateway.ts'
import { Http2Collector } from '#specs/support/http2-collector.ts'

/** As docs/delivery.md recommends for HTTP/2: half the usual window, which is what a collector leaves open at least. */
const SAFE_BYTES = 32_768

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

/** A gateway whose connection to the collector is open. What it captures from then on waits for its end. */
async function warm(
  collector: Http2Collector,
  options: Record<string, unknown> = {},
): Promise<DeliveryGateway> {
  const gateway = await DeliveryGateway.start({
    runtime,
    mock,
    upstream: echo.url,
    collector: { url: collector.url, http2: true },
    options: { batch_max_size: 10, batch_max_wait: 60_000, ...options },
  })
  await gateway.send(Number(gateway.pluginOptions['batch_max_size']))
  await gateway.settle()
  return gateway
}

test('delivers what is pending at SIGTERM to a collector that speaks HTTP/2', async () => {
  await using collector = await Http2Collector.start(runtime.bindHost)
  await using gateway = await warm(collector)
  await gateway.send(7)

  expect(await gateway.envoy.end('SIGTERM')).toBe(0)

  await collector.waitForReceived(17)
  gateway.expectNoCrash()
})

test('delivers up to half a window whole at SIGTERM over HTTP/2, whatever went before', async () => {
  await using collector = await Http2Collector.start(runtime.bindHost)
  const options = { batch_max_size: 100, shutdown_max_bytes: SAFE_BYTES }
  await using gateway = await warm(collector, options)
  expect(collector.batches[0]!.bytes).toBeGreaterThan(2 * SAFE_BYTES)
  await gateway.send(99)

  expect(await gateway.envoy.end('SIGTERM')).toBe(0)

  await expect.poll(() => collector.batches.length).toBe(2)
  const last = collector.batches[1]!
  expect(last.bytes).toBeLessThanOrEqual(SAFE_BYTES)
  expect(last.transactionIds.length).toBeGreaterThan(20)
})
