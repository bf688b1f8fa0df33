import { expect, test } from 'vitest'
import { constantRandom, DeliveryScene } from '#specs/support/delivery-scene.ts'

function openCalls(scene: DeliveryScene): number {
  return scene.calls.filter((call) => call.state === 'pending').length
}

test('has two calls in flight at most', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 })
  scene.collector.answerAlways({ status: 201, delayMs: 1000 })

  scene.request(10)
  expect(openCalls(scene)).toBe(2)
  scene.advance(1000)
  expect(openCalls(scene)).toBe(2)
  scene.advance(4000)

  expect(scene.calls.map((call) => scene.carried(call)[0])).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  expect(scene.ledger()).toMatchObject({ sent: 10 })
})

test('tries a collector that is down with one call at a time', async () => {
  const scene = await DeliveryScene.open({
    batch_max_size: 1,
    batch_max_wait: 50,
    connection_timeout: 2000,
  })
  scene.collector.answerAlways({ silent: true })

  let most = 0
  scene.request(20)
  scene.advance(2001)
  for (let step = 0; step < 600; step++) {
    scene.advance(100)
    most = Math.max(most, openCalls(scene))
  }

  expect(most).toBe(1)
  expect(scene.calls.length).toBeGreaterThan(4)
})

test('drains the queue in order once the collector is back', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 2 }, { random: constantRandom(0xff) })
  scene.collector.answerNext({ status: 503 }, { status: 503 }, { status: 503 })

  scene.request(20)
  scene.advance(5000)

  const received = scene.calls.slice(3).map((call) => scene.carried(call)[0])
  expect(received).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19])
})

test('does not let one batch that the collector stumbles over hold up all others', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 2, retry_max_age: 120_000 })
  scene.collector.answerAlways((call) => ({ status: scene.carried(call).includes(1) ? 500 : 201 }))

  scene.request(20)
  scene.advance(60_000)

  expect(scene.ledger()).toMatchObject({ sent: 18, pending: 2 })
  scene.advance(61_000)
  expect(scene.ledger()).toMatchObject({ sent: 18, pending: 0, dropped: { expired: 2 } })
})

test('fills its batches while the collector is down, instead of making many small ones', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 100 })
  scene.collector.answerAlways({ status: 503 })

  for (let second = 0; second < 30; second++) {
    scene.request(10)
    scene.advance(1000)
  }
  scene.collector.answerAlways({ status: 201 })
  scene.advance(60_000)

  const sizes = scene.calls
    .filter((call) => 'status' in call.answer && call.answer.status === 201)
    .map((call) => scene.carried(call).length)
  expect(sizes.reduce((sum, size) => sum + size)).toBe(300)
  expect(sizes.length).toBeLessThanOrEqual(5)
})

test('is not misled by an answer to a call from before the outage', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 }, { random: constantRandom(0xff) })
  scene.collector.answerNext({ status: 503, delayMs: 50 }, { status: 201, delayMs: 200 })

  scene.request(3)
  scene.advance(450)
  const early = scene.calls.length
  scene.advance(5000)

  expect(early).toBe(2)
  expect(scene.ledger()).toMatchObject({ sent: 3 })
})

test('in an outage old events share a batch for half a minute only', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 100, batch_max_wait: 2000 })
  scene.collector.answerAlways({ status: 503 })
  scene.request(1)
  scene.advance(3000)
  for (let minute = 0; minute < 3; minute++) {
    scene.request(1)
    scene.advance(31_000)
  }
  const before = scene.calls.length
  scene.collector.answerAlways({ status: 201 })
  scene.advance(60_000)

  expect(scene.calls.slice(before).map((call) => scene.carried(call).length)).toEqual([1, 1, 1, 1])
})
