import { expect, test } from 'vitest'
import { Status } from '#sandbox/emulated-plugin/index.ts'
import { DeliveryScene, longestJitter, noJitter } from '#specs/support/delivery-scene.ts'

test('a batch that failed is dropped by the tick at which its first event is retry_max_age old', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1, retry_max_age: 10_000 }, noJitter)
  scene.collector.answerAlways({ status: 503 })
  scene.request(1)

  scene.advance(9999)
  expect(scene.ledger()).toMatchObject({ pending: 1, dropped: {} })
  scene.advance(1)

  expect(scene.ledger()).toMatchObject({ pending: 0, dropped: { expired: 1 } })
  expect(scene.lines.at(-1)).toBe(
    'moesif: delivery: events dropped: 1. They waited longer than retry_max_age for a collector that answers.',
  )
})

test('in an outage an open batch is closed by the tick at which it is half a minute old', async () => {
  for (const [later, batches] of [
    [29_999, [[1], [2, 3]]],
    [30_001, [[1], [2], [3]]],
  ] as const) {
    const scene = await DeliveryScene.open({ batch_max_size: 100, batch_max_wait: 50 }, noJitter)
    scene.collector.answerAlways({ status: 503 })
    scene.request(1)
    scene.advance(1000)
    scene.request(1)
    scene.advance(later)
    scene.request(1)
    scene.collector.answerAlways({ status: 201 })
    const before = scene.calls.length
    scene.advance(60_000)

    expect(scene.batches.slice(before).sort()).toEqual(batches)
  }
})

test('of batches that fail one is tried four times before the next one is', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 }, noJitter)
  scene.collector.answerAlways({ status: 503 })
  scene.request(1)
  scene.advance(0)
  scene.request(2)
  scene.advance(2500)

  expect(scene.batches.flat().slice(0, 16)).toEqual([
    1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 1, 1, 1, 1,
  ])
})

test('64 batches a minute are halved in search of a bad event, then none', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 50 })
  scene.collector.answerAlways({ status: 400 })
  const start = scene.now
  for (let batch = 0; batch < 5; batch++) {
    scene.request(50)
    scene.advance(1000)
  }
  // Each halving is two calls more.
  expect(scene.calls).toHaveLength(5 + 2 * 64)
  scene.advance(start + 59_999 - scene.now)
  scene.request(50)
  scene.advance(0)
  expect(scene.calls).toHaveLength(6 + 2 * 64)
  scene.advance(1)
  scene.request(50)
  scene.advance(0)

  expect(scene.calls).toHaveLength(7 + 2 * (64 + 49))
})

test('events that are refused alone use up nothing of that', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 2, batch_max_wait: 50 })
  scene.collector.answerAlways({ status: 400 })
  for (let i = 0; i < 70; i++) {
    scene.request(1)
    scene.advance(100)
  }
  scene.collector.answerNext({ status: 400 }, { status: 201 }, { status: 400 })
  scene.request(2)
  scene.advance(100)

  expect(scene.ledger()).toMatchObject({ sent: 1, dropped: { rejected: 71 } })
})

test('an answer that comes twice counts once', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 }, longestJitter)
  scene.collector.answerNext({ status: 503 }, { silent: true })
  scene.request(1)
  scene.advance(0)
  const root = scene.emulator.worker(0).root()!
  for (let token = 0; token < 20; token++) {
    root.vm.call('proxy_on_http_call_response', root, root.id, token, 0, 0, 0)
  }

  expect(scene.ledger()).toMatchObject({ pending: 1, sent: 0 })
  expect(scene.metric('moesif_batches_retried_total')).toBe(1)
})

test('compressed batches count for the queue while they are there, and no longer', async () => {
  const scene = await DeliveryScene.open({
    batch_max_size: 2,
    enable_compression: true,
    queue_max_bytes: 16_384,
  })
  for (let round = 0; round < 60; round++) {
    scene.request(4, { body: JSON.stringify('x'.repeat(1000)) })
    scene.advance(10)
  }

  expect(scene.ledger()).toMatchObject({ sent: 240, pending: 0, dropped: {} })
})

test('a full queue stays as full as it is when nothing new comes', async () => {
  for (let free = 0; free < 512; free += 64) {
    const scene = await DeliveryScene.open({
      batch_max_size: 1,
      batch_max_wait: 50,
      queue_max_bytes: 16_384 + free,
      queue_overflow: 'drop_oldest',
    })
    scene.collector.answerAlways({ refuse: Status.InternalFailure })
    scene.request(60)
    scene.advance(100)
    const { pending } = scene.ledger()
    scene.advance(1000)

    expect(scene.ledger().pending).toBe(pending)
  }
})

test('the newest events are kept, too, when they do not fit into the batch before them', async () => {
  const scene = await DeliveryScene.open({
    batch_max_bytes: 4000,
    queue_max_bytes: 16_384,
    queue_overflow: 'drop_oldest',
  })
  scene.collector.answerAlways({ refuse: Status.InternalFailure })
  scene.request(30, { body: 'x'.repeat(1800) })
  scene.advance(100)
  const { pending, dropped } = scene.ledger()
  expect(dropped).toEqual({ queue_full: 30 - pending })
  scene.collector.answerAlways({ status: 201 })
  const before = scene.calls.length
  scene.advance(60_000)

  const sent = scene.batches.slice(before).flat()
  expect(sent.toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: pending }, (_, i) => 30 - pending + i + 1),
  )
})

test('new events that nothing came of are reported with the tick, and nothing else is', async () => {
  const scene = await DeliveryScene.open()
  scene.advance(100)
  scene.emulator.hostCalls.reset()
  scene.advance(700)

  // A tick in which nothing was counted: the heartbeat comes once a second.
  expect(scene.emulator.hostCalls.of('proxy_increment_metric').calls).toBeLessThanOrEqual(1)
  expect(scene.emulator.hostCalls.of('proxy_record_metric').calls).toBe(0)
})
