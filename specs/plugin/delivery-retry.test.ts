import { expect, test } from 'vitest'
import { Status, type Answer } from '#sandbox/emulated-plugin/index.ts'
import { longestJitter, noJitter, DeliveryScene } from '#specs/support/delivery-scene.ts'
import { NOTHING } from '#specs/support/nothing.ts'

/** When the calls were made, in ms after the first. */
function schedule(scene: DeliveryScene): number[] {
  return scene.calls.map((call) => call.at - scene.calls[0]!.at)
}

const later: Record<string, Answer> = {
  'status 408': { status: 408 },
  'status 429': { status: 429 },
  'status 500': { status: 500 },
  'status 502': { status: 502 },
  'status 503': { status: 503 },
  'status 504': { status: 504 },
  'status 599': { status: 599 },
  'a refused connection': { unreachable: 'connection-refused' },
  'a connection that times out': { unreachable: 'connect-timeout' },
  'a connection that breaks': { unreachable: 'terminated' },
  'an answer that breaks off': { reset: true },
  'no answer': { silent: true },
  'no healthy host': { refuse: Status.InternalFailure },
  'an unknown cluster': { refuse: Status.BadArgument },
}

for (const [what, answer] of Object.entries(later)) {
  test(`tries a batch again after ${what}`, async () => {
    const scene = await DeliveryScene.open({ batch_max_size: 2 })
    scene.collector.answerNext(answer)

    scene.request(2)
    scene.advance(10_000)

    expect(scene.calls).toHaveLength(2)
    expect(scene.calls[1]?.body).toEqual(scene.calls[0]?.body)
    expect(scene.ledger()).toMatchObject({ sent: 2, pending: 0, dropped: NOTHING })
    expect(scene.metric('moesif_batches_retried_total')).toBe(1)
    expect(scene.metric('moesif_batches_sent_total')).toBe(1)
  })
}

for (const status of [301, 401, 402, 403, 404, 405, 406, 410, 415]) {
  test(`drops a batch that is answered ${status}, and counts its events as rejected`, async () => {
    const scene = await DeliveryScene.open({ batch_max_size: 2 })
    scene.collector.answerNext({ status })

    scene.request(4)
    scene.advance(10_000)

    expect(scene.calls.map((call) => scene.carried(call))).toEqual([
      [1, 2],
      [3, 4],
    ])
    expect(scene.ledger()).toMatchObject({ sent: 2, pending: 0, dropped: { rejected: 2 } })
  })
}

for (const status of [200, 201, 202, 204]) {
  test(`takes ${status} for a receipt`, async () => {
    const scene = await DeliveryScene.open({ batch_max_size: 2 })
    scene.collector.answerNext({ status })

    scene.request(2)
    scene.advance(0)

    expect(scene.ledger()).toMatchObject({ sent: 2, pending: 0 })
  })
}

test('waits half a second at most before the first retry, then up to twice as long each time, up to 30 s', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 }, longestJitter)
  scene.collector.answerAlways({ status: 500 })

  scene.request(1)
  scene.advance(125_000)

  expect(schedule(scene)).toEqual([
    0, 500, 1500, 3500, 7500, 15_500, 31_500, 61_500, 91_500, 121_500,
  ])
})

test('may retry at the next tick: the jitter is a full one', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 }, noJitter)
  scene.collector.answerNext({ status: 500 }, { status: 500 })

  scene.request(1)
  scene.advance(1000)

  const [first, second, third] = schedule(scene)
  expect([first, third]).toEqual([0, second! + 100])
  expect(second).toBeLessThanOrEqual(100)
})

test('spreads the retries of several gateways', async () => {
  const delays = new Set<number>()
  for (let gateway = 0; gateway < 20; gateway++) {
    const scene = await DeliveryScene.open({ batch_max_size: 1, batch_max_wait: 50 })
    scene.collector.answerNext({ status: 503 }, { status: 503 }, { status: 503 })
    scene.request(1)
    scene.advance(4000)
    delays.add(schedule(scene).at(-1)!)
  }

  expect(delays.size).toBeGreaterThan(5)
  for (const delay of delays) expect(delay).toBeLessThanOrEqual(500 + 1000 + 2000 + 3 * 50)
})

test('starts again with a short wait after a success', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 }, longestJitter)
  scene.collector.answerNext({ status: 500 }, { status: 500 }, { status: 201 }, { status: 500 })

  scene.request(1)
  scene.advance(1500)
  scene.request(1)
  scene.advance(500)

  expect(schedule(scene)).toEqual([0, 500, 1500, 1500, 2000])
})

test('gives the same events the same transaction ids on every try', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 3 })
  scene.collector.answerNext({ status: 500 }, { reset: true }, { status: 429 })

  scene.request(3)
  scene.advance(20_000)

  const ids = scene.calls.map((call) => scene.transactionIds(call))
  expect(ids).toHaveLength(4)
  expect(new Set(ids[0]).size).toBe(3)
  for (const again of ids) expect(again).toEqual(ids[0])
})

test('gives a call up after connection_timeout', async () => {
  const scene = await DeliveryScene.open(
    { batch_max_size: 1, connection_timeout: 700 },
    longestJitter,
  )
  scene.collector.answerNext({ silent: true })

  scene.request(1)
  scene.advance(1500)

  expect(scene.calls[0]?.timeoutMs).toBe(700)
  expect(schedule(scene)).toEqual([0, 1200])
})

test('tries a batch again whose call the host never answers, 5 s after connection_timeout', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1, connection_timeout: 700 }, noJitter)
  scene.collector.answerNext({ lost: true }, { lost: true })

  scene.request(3)
  scene.advance(5799)
  expect(scene.calls).toHaveLength(2)
  scene.advance(1)

  // Given up at the tick at 5700, tried at the next one.
  expect(schedule(scene).slice(0, 3)).toEqual([0, 0, 5800])
  scene.advance(100)
  expect(scene.ledger()).toMatchObject({ captured: 3, sent: 3, pending: 0 })
})

test('drops a batch at the first tick after its first event is retry_max_age old', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 2, retry_max_age: 10_000 })
  scene.collector.answerAlways({ status: 503 })

  scene.request(1)
  scene.advance(1000)
  scene.request(1)
  scene.advance(8999)
  expect(scene.ledger()).toMatchObject({ pending: 2, dropped: NOTHING })
  scene.advance(101)

  expect(scene.ledger()).toMatchObject({ pending: 0, dropped: { expired: 2 } })
})

test('lets a batch of unsent events expire too', async () => {
  const scene = await DeliveryScene.open({ retry_max_age: 10_000 })
  scene.collector.answerAlways({ refuse: Status.InternalFailure })

  for (let second = 0; second < 60; second++) {
    scene.request(10)
    scene.advance(1000)
  }

  const { captured, pending, dropped } = scene.ledger()
  expect(captured).toBe(600)
  expect(dropped).toEqual({ expired: expect.any(Number) })
  // The events of 10 s, and those that shared a batch with them.
  expect(pending).toBeLessThanOrEqual(10 * (10 + 30))
})

test('goes on when the clock of the machine is set back', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 10 }, longestJitter)
  scene.collector.answerNext({ status: 503 })
  scene.request(10)
  scene.advance(100)
  scene.emulator.clock.set(scene.now - 3_600_000)

  scene.advance(1000)
  expect(scene.calls).toHaveLength(2)
  scene.request(1)
  scene.advance(2200)

  expect(scene.ledger()).toMatchObject({ sent: 11, pending: 0 })
})

test('keeps everything when the clock of the machine jumps days ahead while the collector is down', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 10 }, longestJitter)
  scene.collector.answerAlways({ status: 503 })
  scene.request(25)
  scene.advance(1000)

  scene.emulator.clock.set(scene.now + 3 * 86_400_000)
  scene.request(1)
  scene.advance(5000)
  expect(scene.ledger()).toMatchObject({ pending: 26, dropped: NOTHING })
  scene.collector.answerAlways({ status: 201 })
  scene.advance(40_000)

  expect(scene.ledger()).toMatchObject({ sent: 26, pending: 0, dropped: NOTHING })
})
