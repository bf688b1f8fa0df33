import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import {
  startMockMoesif,
  type ApplicationClient,
  type FaultSpec,
  type StartedMockMoesif,
} from '#mock-moesif/index.ts'
import { startEcho } from '#sandbox/echo/echo.ts'
import type { Runtime } from '#sandbox/envoy/runtime.ts'
import { DeliveryGateway } from '#specs/support/delivery-gateway.ts'
import { balance, eventSums, type EventSums } from '#mock-moesif/model/event-sums.ts'

export interface Soak {
  seconds: number
  requestsPerSecond: number
  /** How long a fault lasts, and how long all is well before the next. */
  faultMs: number
  /** How often the configuration changes. */
  updateMs: number
}

export interface SoakResult {
  account: EventSums
  requests: number
  /** Different events that arrived. */
  received: number
  /** Whether nothing was pending when Envoy was ended. */
  flushed: boolean
  faults: number
  updates: number
  duplicates: number
  /** Events that the collector found too large alone: no split saves those. */
  refusedAlone: number
  /** Those of them that it has from no other batch: of one that came before, the answer may have been lost. */
  refusedOnly: number
}

const faults: Omit<FaultSpec, 'applicationId'>[] = [
  { status: 408 },
  { status: 429, retryAfter: 1 },
  { status: 500, probability: 0.5 },
  { status: 503 },
  { status: 413, remaining: 3 },
  { delayMs: [0, 1200] },
  { connection: 'reset-before-read' },
  { connection: 'reset-after-read' },
  { connection: 'half-response' },
  { connection: 'no-response' },
  { throttleBytesPerSecond: 100_000 },
]

/** Enough to bridge the longest backoff. */
const QUEUE_MAX_BYTES = 67_108_864

/** Steady traffic through two workers while faults and configurations change, then a graceful stop. */
export async function soak(
  runtime: Runtime,
  { seconds, requestsPerSecond, faultMs, updateMs }: Soak,
): Promise<SoakResult> {
  await using echo = await startEcho({ host: runtime.bindHost })
  await using mock = await startMockMoesif({ host: runtime.bindHost })
  await using gateway = await DeliveryGateway.start({
    runtime,
    mock,
    upstream: echo.url,
    options: { batch_max_size: 50, queue_max_bytes: QUEUE_MAX_BYTES },
    envoy: { concurrency: 2, updatable: true, drainSeconds: 1, drainStrategy: 'immediate' },
  })
  const counts = { faults: 0, updates: 0 }
  const end = performance.now() + seconds * 1000
  const load = gateway.load(requestsPerSecond)
  const pause = (ms: number): Promise<void> =>
    sleep(Math.min(ms, Math.max(0, end - performance.now())))
  const spoil = async (): Promise<void> => {
    while (performance.now() < end) {
      await gateway.application.faults.add(faults[Math.floor(Math.random() * faults.length)]!)
      counts.faults++
      await pause(faultMs)
      await gateway.application.faults.clear()
      await pause(faultMs)
    }
  }
  const update = async (): Promise<void> => {
    while (performance.now() + updateMs < end) {
      await sleep(updateMs)
      await gateway.update({ options: { batch_max_size: 50 + ++counts.updates } })
    }
  }
  await Promise.all([spoil(), update()])
  await load.stop()
  const { metrics, flushed } = await gateway.envoy.stop({ flushTimeoutMs: 60_000 })
  gateway.expectNoCrash()
  const { unique, duplicates } = await gateway.application.counts()
  const refused = await eventsRefusedAlone(mock, gateway.application)
  return {
    account: eventSums(metrics),
    requests: gateway.requests,
    received: unique,
    flushed,
    duplicates,
    refusedAlone: refused.length,
    refusedOnly: refused.filter(({ arrived }) => !arrived).length,
    ...counts,
  }
}

/** The events that a 413 met alone, and whether another batch brought them. */
async function eventsRefusedAlone(
  mock: StartedMockMoesif,
  application: ApplicationClient,
): Promise<{ arrived: boolean }[]> {
  const ids = new Set<string>()
  for (const { id, answer, eventCount } of await application.batches()) {
    if (answer !== 413 || eventCount !== 1) continue
    const text = new TextDecoder().decode(await mock.rawBatch(id))
    const [event] = JSON.parse(text) as [{ transaction_id: string }]
    ids.add(event.transaction_id)
  }
  return Promise.all(
    [...ids].map(async (id) => ({
      arrived: (await application.count({ where: `transaction:${id}` })) > 0,
    })),
  )
}

/** Every event arrived, but for those that a 413 met alone. */
export function expectAllReceived(result: SoakResult) {
  const { account, flushed, requests, received, refusedAlone, refusedOnly } = result
  const { too_large: tooLarge = 0, ...lost } = account.dropped
  expect(flushed).toBe(true)
  expect(lost).toEqual({})
  expect(tooLarge).toBeLessThanOrEqual(refusedAlone)
  expect(tooLarge).toBeGreaterThanOrEqual(refusedOnly)
  expect(balance(account)).toBe(0)
  expect(account.captured).toBeGreaterThanOrEqual(requests)
  expect(received).toBe(account.captured - refusedOnly)
}
