import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { startMockMoesif, type FaultSpec, type StartedMockMoesif } from '#mock-moesif/index.ts'
import { startEcho, type Echo } from '#sandbox/echo/echo.ts'
import { DeliveryGateway, LONGEST_DELIVERY_MS } from '#specs/support/delivery-gateway.ts'
import { droppedInAll } from '#mock-moesif/model/event-sums.ts'
import { TcpProxy } from '#specs/support/tcp-proxy.ts'

const runtime = inject('envoyRuntime')
const requests = 50

let echo: Echo
let mock: StartedMockMoesif
let proxy: TcpProxy
/** One Envoy with one worker, one with two: each fault is met by both at the same time. */
let gateways: DeliveryGateway[]

beforeAll(async () => {
  echo = await startEcho({ host: runtime.bindHost })
  mock = await startMockMoesif({ host: runtime.bindHost })
  proxy = await TcpProxy.start(mock.port, runtime.bindHost)
  gateways = await Promise.all(
    [1, 2].map((concurrency) =>
      DeliveryGateway.start({
        runtime,
        mock,
        upstream: echo.url,
        collector: proxy.url,
        // Its log, too, is examined at its end.
        options: { debug: concurrency === 2 },
        envoy: { concurrency },
      }),
    ),
  )
})

afterAll(async () => {
  for (const gateway of gateways ?? []) gateway.expectNoCrash()
  for (const gateway of gateways ?? []) await gateway[Symbol.asyncDispose]()
  await proxy?.[Symbol.asyncDispose]()
  await mock?.[Symbol.asyncDispose]()
  await echo?.[Symbol.asyncDispose]()
})

interface Outcome {
  /** Events of this fault's requests, by what became of them. */
  sent: number
  dropped: number
  /** Different events that arrived. */
  arrived: number
}

/** What becomes of the events of some requests made while `during` happens, in each gateway. */
async function outcomes(during: (gateway: DeliveryGateway) => Promise<void>): Promise<Outcome[]> {
  return await Promise.all(
    gateways.map(async (gateway) => {
      const before = await gateway.account()
      const had = await gateway.received()
      try {
        await during(gateway)
      } finally {
        await gateway.application.faults.clear()
      }
      const after = await gateway.settle()
      return {
        sent: after.sent - before.sent,
        dropped: droppedInAll(after) - droppedInAll(before),
        arrived: (await gateway.received()) - had,
      }
    }),
  )
}

const all: Outcome[] = [1, 2].map(() => ({ sent: requests, dropped: 0, arrived: requests }))

/** Faults that a batch survives. */
const survived: Record<string, Omit<FaultSpec, 'applicationId'> & { remaining: number }> = {
  '408': { status: 408, remaining: 2 },
  '429': { status: 429, remaining: 2 },
  '429 with Retry-After': { status: 429, retryAfter: 1, remaining: 1 },
  '500': { status: 500, remaining: 2 },
  '502': { status: 502, remaining: 2 },
  '503': { status: 503, remaining: 2 },
  'a delay beyond the time-out': { delayMs: 2500, remaining: 1 },
  'a reset before the body is read': { connection: 'reset-before-read', remaining: 2 },
  'a reset after the body is read': { connection: 'reset-after-read', remaining: 2 },
  'half an answer': { connection: 'half-response', remaining: 2 },
  'no answer': { connection: 'no-response', remaining: 1 },
  'a slow reader': { throttleBytesPerSecond: 5000, remaining: 1 },
}

for (const [what, fault] of Object.entries(survived)) {
  test(`loses nothing by ${what}`, async () => {
    const seen = await outcomes(async (gateway) => {
      const { id } = await gateway.application.faults.add(fault)
      await gateway.send(requests)
      await waitUntilHit(gateway, id, fault.remaining)
    })

    expect(seen).toEqual(all)
  })
}

test('loses nothing by a collector that fails every second time', async () => {
  const made = new Map<DeliveryGateway, number>()
  const seen = await outcomes(async (gateway) => {
    const { id } = await gateway.application.faults.add({ status: 503, probability: 0.5 })
    const had = await gateway.received()
    // Chance may spare any number of batches: requests are made until it has not.
    for (let count = requests; ; count += requests) {
      await gateway.send(requests)
      made.set(gateway, count)
      const struck = async () => ((await hitsOf(gateway, id)) ?? 0) > 0
      await expect
        .poll(async () => (await struck()) || (await gateway.received()) === had + count)
        .toBe(true)
      if (await struck()) return
    }
  })

  expect(seen).toEqual(
    gateways.map((gateway) => {
      const count = made.get(gateway)
      return { sent: count, dropped: 0, arrived: count }
    }),
  )
})

for (const status of [400, 401, 403, 404]) {
  test(`counts what is answered ${status} as dropped, every event of it`, async () => {
    const seen = await outcomes(async (gateway) => {
      const name = 'moesif_events_dropped_rejected_total'
      const before = (await gateway.envoy.metrics())[name] ?? 0
      await gateway.application.faults.add({ status })
      await gateway.send(requests)
      await gateway.envoy.waitForMetrics((now) => now[name] === before + requests)
    })

    expect(seen).toEqual(gateways.map(() => ({ sent: 0, dropped: requests, arrived: 0 })))
  })
}

test('delivers in halves what is answered 413', async () => {
  const seen = await outcomes(async (gateway) => {
    const { id } = await gateway.application.faults.add({ status: 413, remaining: 6 })
    await gateway.send(requests)
    await waitUntilHit(gateway, id, 6)
  })

  // A busy machine sends batches of one event, too: those have no halves.
  const batches = await Promise.all(gateways.map(({ application }) => application.batches()))
  const lone = batches.map(
    (its) => its.filter(({ answer, eventCount }) => answer === 413 && eventCount === 1).length,
  )
  expect(seen).toEqual(
    lone.map((dropped) => {
      const sent = requests - dropped
      return { sent, dropped, arrived: sent }
    }),
  )
})

test('pauses as long as Retry-After asks for', async () => {
  await outcomes(async (gateway) => {
    if (gateway !== gateways[0]) return
    const { id } = await gateway.application.faults.add({
      status: 429,
      retryAfter: 1,
      remaining: 1,
    })
    await gateway.send(requests)
    await waitUntilHit(gateway, id, 1)
    await gateway.settle()

    const batches = await gateway.application.requests()
    const refused = batches.findLastIndex(({ answer }) => answer === 429)
    const pause = batches[refused + 1]!.receivedAt - batches[refused]!.receivedAt
    // A call that was in flight already does not wait; the one after it does.
    const next =
      pause < 900 ? batches[refused + 2]!.receivedAt - batches[refused]!.receivedAt : pause
    expect(next).toBeGreaterThanOrEqual(900)
  })
})

test('loses nothing while nobody listens at the collector’s address', async () => {
  await proxy.close()
  const before = await Promise.all(gateways.map((gateway) => gateway.envoy.metrics()))
  const seen = outcomes((gateway) => gateway.send(requests))
  await triedInVain(before)
  await proxy.listen()

  expect(await seen).toEqual(all)
})

test('loses nothing by a collector that comes and goes', async () => {
  const turns = 4
  const before = await Promise.all(gateways.map((gateway) => gateway.account()))
  for (let turn = 0; turn < turns; turn++) {
    await proxy.close()
    const metrics = await Promise.all(gateways.map((gateway) => gateway.envoy.metrics()))
    await Promise.all(gateways.map((gateway) => gateway.send(requests)))
    await triedInVain(metrics)
    await proxy.listen()
    await Promise.all(gateways.map((gateway) => gateway.send(requests)))
  }
  const after = await Promise.all(gateways.map((gateway) => gateway.settle()))

  expect(after.map((account, index) => account.sent - before[index]!.sent)).toEqual(
    gateways.map(() => 2 * turns * requests),
  )
})

/** Waits until each gateway has failed to deliver a batch. */
async function triedInVain(before: Record<string, number>[]): Promise<void> {
  const name = 'moesif_batches_retried_total'
  await Promise.all(
    gateways.map((gateway, index) =>
      gateway.envoy.waitForMetrics(
        (now) => (now[name] ?? 0) > (before[index]![name] ?? 0),
        LONGEST_DELIVERY_MS,
      ),
    ),
  )
}

async function waitUntilHit(gateway: DeliveryGateway, fault: number, hits: number): Promise<void> {
  await expect
    .poll(
      // One that has struck as often as it was to is gone.
      async () => (await hitsOf(gateway, fault)) ?? hits,
      { interval: 50 },
    )
    .toBeGreaterThanOrEqual(hits)
}

async function hitsOf(gateway: DeliveryGateway, fault: number): Promise<number | undefined> {
  return (await gateway.application.faults.list()).find(({ id }) => id === fault)?.hits
}
