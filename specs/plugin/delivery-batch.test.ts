import { expect, test } from 'vitest'
import { DeliveryScene } from '#specs/support/delivery-scene.ts'

test('sends a batch as soon as it holds batch_max_size events', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 3 })

  scene.request(2)
  expect(scene.calls).toHaveLength(0)
  scene.request(1)

  expect(scene.calls.map((call) => scene.carried(call))).toEqual([[1, 2, 3]])
  expect(scene.calls[0]?.at).toBe(scene.now)
})

test('sends 100 events a batch by default', async () => {
  const scene = await DeliveryScene.open()

  scene.request(250)

  expect(scene.calls.map((call) => scene.carried(call).length)).toEqual([100, 100])
})

test('sends a batch within one tick after its first event is batch_max_wait old', async () => {
  const scene = await DeliveryScene.open({ batch_max_wait: 1000 })

  scene.advance(37)
  const born = scene.now
  scene.request(1)
  scene.advance(900)
  scene.request(1)
  scene.advance(99)
  expect(scene.calls).toHaveLength(0)
  scene.advance(101)

  expect(scene.calls.map((call) => scene.carried(call))).toEqual([[1, 2]])
  expect(scene.calls[0]!.at - born).toBeGreaterThanOrEqual(1000)
  expect(scene.calls[0]!.at - born).toBeLessThanOrEqual(1100)
})

test('waits two seconds by default', async () => {
  const scene = await DeliveryScene.open()

  scene.request(1)
  scene.advance(1999)
  expect(scene.calls).toHaveLength(0)
  scene.advance(1)

  expect(scene.calls).toHaveLength(1)
})

test('starts the next batch with the event that batch_max_bytes leaves no room for', async () => {
  const scene = await DeliveryScene.open({ batch_max_bytes: 8000 })
  const body = JSON.stringify('x'.repeat(2500))

  scene.request(4, { body })
  scene.advance(2100)

  expect(scene.calls.map((call) => scene.carried(call))).toEqual([
    [1, 2],
    [3, 4],
  ])
  for (const call of scene.calls) expect(call.body.length).toBeLessThanOrEqual(8000)
})

test('sends an event larger than batch_max_bytes alone', async () => {
  const scene = await DeliveryScene.open({ batch_max_bytes: 2000 })

  scene.request(1)
  scene.request(1, { body: JSON.stringify('x'.repeat(5000)) })
  scene.request(1)
  scene.advance(2100)

  expect(scene.calls.map((call) => scene.carried(call))).toEqual([[1], [2], [3]])
})

test('keeps a batch for each worker', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 2 }, { workers: 2 })

  scene.request(1, { worker: 0 })
  scene.request(1, { worker: 1 })
  scene.request(1, { worker: 0 })
  scene.request(1, { worker: 1 })

  expect(scene.calls.map((call) => [call.thread, scene.carried(call)])).toEqual([
    ['worker 0', [1, 3]],
    ['worker 1', [2, 4]],
  ])
})

test('never mixes two filters that share a VM', async () => {
  const scene = await DeliveryScene.open(null)
  const orders = scene.configure(
    {
      moesif_application_id: 'orders-application',
      upstream: 'orders_collector',
      batch_max_size: 2,
    },
    { rootId: 'orders' },
  )
  const users = scene.configure(
    {
      moesif_application_id: 'users-application',
      base_uri: 'https://users.example',
      batch_max_size: 3,
    },
    { rootId: 'users' },
  )

  for (let i = 0; i < 6; i++) {
    scene.request(1, { plugin: orders })
    scene.request(1, { plugin: users })
    scene.advance(0)
  }

  const sent = scene.calls.map((call) => [
    call.headers['x-moesif-application-id'],
    call.cluster,
    call.headers[':authority'],
    scene.carried(call),
  ])
  expect(sent).toHaveLength(5)
  expect(sent).toContainEqual(['orders-application', 'orders_collector', 'api.moesif.net', [1, 3]])
  expect(sent).toContainEqual(['users-application', 'moesif_api', 'users.example', [2, 4, 6]])
  const numbers = scene.calls.flatMap((call) => scene.carried(call))
  expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
})

test('sends nothing from a thread without streams', async () => {
  const scene = await DeliveryScene.open({}, { mainThread: true, canary: true })

  scene.advance(60_000)

  expect(scene.calls).toEqual([])
  expect(scene.ledger()).toMatchObject({ captured: 0, pending: 0 })
})

test('sets the tick period once in its life', async () => {
  const scene = await DeliveryScene.open()

  scene.request(300)
  scene.advance(10_000)

  expect(scene.emulator.hostCalls.of('proxy_set_tick_period_milliseconds').calls).toBe(1)
})

test('a batch leaves in the very millisecond in which its first event has waited batch_max_wait', async () => {
  const scene = await DeliveryScene.open({ batch_max_wait: 2000 })
  scene.request(1)

  scene.advance(1999)
  expect(scene.calls).toHaveLength(0)
  scene.advance(1)

  expect(scene.calls).toHaveLength(1)
})

test('a batch of exactly batch_max_bytes leaves at once, one of a byte less waits', async () => {
  const whole = await DeliveryScene.open({ batch_max_size: 3 })
  whole.request(3, { body: 'x'.repeat(500) })
  const size = whole.calls[0]!.body.length

  for (const [maxBytes, calls] of [
    [size, 1],
    [size + 1, 0],
  ] as const) {
    const scene = await DeliveryScene.open({ batch_max_bytes: maxBytes })
    scene.request(3, { body: 'x'.repeat(500) })
    expect(scene.calls).toHaveLength(calls)
  }
})

test('an event is written once, where its batch will leave from, as soon as a batch has shown how long they are', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 40 })
  scene.request(40, { body: 'x'.repeat(300) })
  scene.advance(0)
  scene.request(20, { body: 'x'.repeat(300) })

  const { memory } = scene.emulator.worker(0).root()!.vm
  const text = Buffer.from(memory.view(0, scene.emulator.memoryPages * 65_536))
  const places: Record<string, number> = {}
  const mark = '"transaction_id":"'
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
    const id = text.toString('latin1', at + mark.length, at + mark.length + 36)
    places[id] = (places[id] ?? 0) + 1
  }
  scene.advance(3000)

  expect(scene.transactionIds(scene.calls[1]!).map((id) => places[id])).toEqual(Array(20).fill(1))
})
