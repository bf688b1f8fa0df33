import { expect, test } from 'vitest'
import type { HttpCall } from '#sandbox/emulated-plugin/index.ts'
import { DeliveryScene } from '#specs/support/delivery-scene.ts'

/** Valid JSON of a number that no double holds: a collector that reads numbers as doubles refuses it. */
const bad = '{"e":1e999}'
const holdsBad = (call: HttpCall) => Buffer.from(call.body).toString().includes('1e999')

const sendBad = (scene: DeliveryScene) => {
  const headers = { 'content-type': 'application/json' }
  const request = { method: 'POST', path: '/bad', body: bad, headers }
  scene.emulator.worker(0).exchange({ request, response: { status: 200 } })
}

test.each([400, 422])('one event that is answered %i takes no other along', async (status) => {
  const scene = await DeliveryScene.open({ batch_max_size: 100 })
  scene.collector.answerAlways((call) => ({ status: holdsBad(call) ? status : 201 }))

  scene.request(41)
  sendBad(scene)
  scene.request(58)
  scene.advance(3000)

  expect(scene.ledger()).toMatchObject({ sent: 99, pending: 0, dropped: { rejected: 1 } })
  // The batch, and two halves in each of seven steps.
  expect(scene.calls.length).toBeLessThanOrEqual(1 + 2 * 7)
})

test('several bad events of a batch are each found', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 100 })
  scene.collector.answerAlways((call) => ({ status: holdsBad(call) ? 400 : 201 }))

  for (let i = 0; i < 4; i++) {
    scene.request(24)
    sendBad(scene)
  }
  scene.advance(3000)

  expect(scene.ledger()).toMatchObject({ sent: 96, pending: 0, dropped: { rejected: 4 } })
})

test('a collector that answers 400 to everything is asked no more than 64 times twice a minute', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 50 })
  scene.collector.answerAlways({ status: 400 })

  for (let second = 0; second < 60; second++) {
    scene.request(50)
    scene.advance(900)
  }

  expect(scene.ledger()).toMatchObject({ sent: 0, pending: 0, dropped: { rejected: 3000 } })
  expect(scene.calls.length).toBeLessThanOrEqual(60 + 2 * 64)
})

test('a bad event is found again a minute after too many', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 50 })
  scene.collector.answerAlways({ status: 400 })
  scene.request(150)
  scene.advance(61_000)
  scene.collector.answerAlways((call) => ({ status: holdsBad(call) ? 400 : 201 }))

  scene.request(49)
  sendBad(scene)
  scene.advance(1000)

  expect(scene.ledger()).toMatchObject({ sent: 49, dropped: { rejected: 151 } })
})

test('what is answered 401 is not tried in halves: it is not about an event', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 50 })
  scene.collector.answerAlways({ status: 401 })

  scene.request(50)
  scene.advance(1000)

  expect(scene.calls).toHaveLength(1)
  expect(scene.ledger()).toMatchObject({ dropped: { rejected: 50 } })
})

test.each([
  ['sent', [200, 201, 204, 299]],
  ['tried again', [100, 199, 408, 429, 500, 503, 599]],
  [
    'dropped',
    [300, 304, 399, 400, 401, 402, 403, 404, 407, 409, 412, 414, 421, 422, 423, 428, 430, 499],
  ],
])('an event is %s where it is answered %j', async (fate, statuses) => {
  for (const status of statuses) {
    const scene = await DeliveryScene.open({ batch_max_size: 1 })
    scene.collector.answerNext({ status })
    scene.request(1)
    scene.advance(1)

    const { sent, pending, dropped } = scene.ledger()
    const seen = { sent, 'tried again': pending, dropped: dropped['rejected'] ?? 0 }
    expect(seen, `${status}`).toMatchObject({ [fate]: 1 })
  }
})
