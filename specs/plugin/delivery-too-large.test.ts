import { expect, test } from 'vitest'
import { eventsOf } from '#sandbox/emulated-plugin/index.ts'
import { DeliveryScene } from '#specs/support/delivery-scene.ts'
import { NOTHING } from '#specs/support/nothing.ts'

test('halves a batch that is answered 413 until it is small enough', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 13 })
  scene.collector.answerAlways((call) => ({ status: eventsOf(call).length > 3 ? 413 : 201 }))

  scene.request(13)
  scene.advance(1000)

  const taken = scene.calls.filter((call) => 'status' in call.answer && call.answer.status === 201)
  expect(taken.flatMap((call) => scene.carried(call))).toEqual(
    Array.from({ length: 13 }, (_, i) => i + 1),
  )
  expect(scene.ledger()).toMatchObject({ sent: 13, pending: 0, dropped: NOTHING })
})

test('drops the one event that is too large alone, and delivers all others', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 8 })
  scene.collector.answerAlways((call) => ({ status: call.body.length > 20_000 ? 413 : 201 }))

  scene.request(4)
  scene.request(1, { body: JSON.stringify('x'.repeat(30_000)) })
  scene.request(3)
  scene.advance(1000)

  expect(scene.ledger()).toMatchObject({ sent: 7, pending: 0, dropped: { too_large: 1 } })
})

test('finds the borders of events whatever their bodies hold', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 6 })
  scene.collector.answerAlways((call) => ({ status: eventsOf(call).length > 1 ? 413 : 201 }))
  const bodies = [
    '{"a":"},{"}',
    '[1,[2,{"b":"]"}],3]',
    String.raw`"\\\"},{\""`,
    '{"c":{"d":[",",":"]}}',
    '"\u00e9,\u{1f600}"',
    'null',
  ]

  for (const body of bodies) {
    const request = {
      method: 'POST',
      path: '/',
      body,
      headers: { 'content-type': 'application/json' },
    }
    scene.emulator.worker(0).exchange({ request, response: { status: 200 } })
  }
  scene.advance(1000)

  const received = scene.collector.events() as { request: { body: unknown } }[]
  const texts = received.map((event) => JSON.stringify(event.request.body))
  expect(texts.sort()).toEqual(bodies.map((body) => JSON.stringify(JSON.parse(body))).sort())
  expect(scene.ledger()).toMatchObject({ sent: 6, dropped: NOTHING })
})

test('halves a compressed batch', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 8, enable_compression: true })
  scene.collector.answerAlways((call) => ({ status: eventsOf(call).length > 2 ? 413 : 201 }))

  scene.request(8)
  scene.advance(1000)

  expect(scene.collector.events()).toHaveLength(8)
  for (const call of scene.calls) expect(call.headers['content-encoding']).toBe('deflate')
  expect(scene.ledger()).toMatchObject({ sent: 8 })
})

test('takes 413 for a sign of life', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 4 })
  scene.collector.answerNext({ status: 503 }, { status: 413 })

  scene.request(4)
  scene.advance(1000)

  expect(scene.ledger()).toMatchObject({ sent: 4, pending: 0 })
})
