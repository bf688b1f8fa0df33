import { expect, test } from 'vitest'
import { Status } from '#sandbox/emulated-plugin/index.ts'
import { DeliveryScene } from '#specs/support/delivery-scene.ts'
import { NOTHING } from '#specs/support/nothing.ts'

test('sends everything pending as one call when the process ends, and calls it unconfirmed', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 4 })
  scene.collector.answerAlways({ status: 503 })
  scene.request(11)
  scene.advance(10)
  const before = scene.calls.length

  scene.emulator.shutDown()

  const last = scene.calls.slice(before)
  expect(last.map((call) => scene.carried(call))).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]])
  expect(scene.ledger()).toEqual({
    captured: 11,
    sent: 0,
    unconfirmed: 11,
    sampledOut: 0,
    pending: 0,
    dropped: {},
  })
})

test('sends an open batch with the final flush', async () => {
  const scene = await DeliveryScene.open()

  scene.request(7)
  scene.emulator.shutDown()

  expect(scene.calls.map((call) => scene.carried(call))).toEqual([[1, 2, 3, 4, 5, 6, 7]])
  expect(scene.ledger()).toMatchObject({ unconfirmed: 7, pending: 0 })
})

test('includes streams that the end of the process cuts off', async () => {
  const scene = await DeliveryScene.open()
  const headers = { ':method': 'GET', ':path': '/open', ':authority': 'api.test' }
  scene.emulator.worker(0).stream().requestHeaders(headers, { endOfStream: true })

  scene.emulator.shutDown()

  expect(scene.calls).toHaveLength(1)
  expect(scene.ledger()).toMatchObject({ captured: 1, unconfirmed: 1 })
})

test('counts what was in flight at the end as unconfirmed, and does not send it twice', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 2 })
  scene.collector.answerAlways({ status: 201, delayMs: 3000 })

  scene.request(7)
  scene.emulator.shutDown()

  expect(scene.calls.map((call) => scene.carried(call))).toEqual([
    [1, 2],
    [3, 4],
    [5, 6, 7],
  ])
  expect(scene.ledger()).toMatchObject({ unconfirmed: 7, pending: 0 })
})

test('sends the oldest events up to shutdown_max_bytes, and counts the rest as dropped', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 4, shutdown_max_bytes: 3000 })
  scene.collector.answerAlways({ status: 503 })
  scene.request(30)
  scene.advance(10)

  scene.emulator.shutDown()

  const last = scene.calls.at(-1)!
  const count = scene.carried(last).length
  expect(scene.carried(last)).toEqual(Array.from({ length: count }, (_, i) => i + 1))
  expect(last.body.length).toBeLessThanOrEqual(3000)
  // One more would not have fitted.
  expect(last.body.length + last.body.length / count).toBeGreaterThan(3000)
  expect(scene.ledger()).toMatchObject({
    unconfirmed: count,
    sampledOut: 0,
    pending: 0,
    dropped: { shutdown: 30 - count },
  })
})

test('cuts a single batch that is larger than shutdown_max_bytes', async () => {
  const scene = await DeliveryScene.open({ shutdown_max_bytes: 2000 })

  scene.request(20)
  scene.emulator.shutDown()

  const count = scene.carried(scene.calls[0]).length
  expect(count).toBeGreaterThan(1)
  expect(scene.ledger()).toMatchObject({ unconfirmed: count, dropped: { shutdown: 20 - count } })
})

test('drops everything with shutdown_max_bytes 0', async () => {
  const scene = await DeliveryScene.open({ shutdown_max_bytes: 0 })

  scene.request(20)
  scene.emulator.shutDown()

  expect(scene.calls).toHaveLength(0)
  expect(scene.ledger()).toMatchObject({ unconfirmed: 0, dropped: { shutdown: 20 } })
})

test('counts as dropped what the host refuses to send at the end', async () => {
  const scene = await DeliveryScene.open()
  scene.collector.answerAlways({ refuse: Status.InternalFailure })

  scene.request(5)
  scene.emulator.shutDown()

  expect(scene.ledger()).toMatchObject({ unconfirmed: 0, pending: 0, dropped: { shutdown: 5 } })
})

test('flushes nothing when nothing is pending', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 }, { workers: 2, mainThread: true })
  scene.request(3)
  scene.advance(0)

  scene.emulator.shutDown()

  expect(scene.calls).toHaveLength(3)
  expect(scene.ledger()).toMatchObject({ sent: 3, pending: 0 })
})

test('hands what is pending to the configuration that follows, when it sends to the same place', async () => {
  const scene = await DeliveryScene.open(null)
  const before = scene.configure({ batch_max_size: 4, batch_max_wait: 600_000 })
  scene.collector.answerAlways({ status: 503 })
  scene.request(10)
  scene.advance(10)
  const after = scene.configure({ batch_max_size: 50 })

  before.remove()
  expect(scene.ledger()).toMatchObject({ pending: 10, dropped: NOTHING })
  scene.collector.answerAlways({ status: 201 })
  scene.request(1, { plugin: after })
  scene.advance(70_000)

  expect(scene.ledger()).toEqual({
    captured: 11,
    sent: 11,
    unconfirmed: 0,
    sampledOut: 0,
    pending: 0,
    dropped: {},
  })
})

test('goes on sending what it has while the configuration that follows takes the new requests', async () => {
  const scene = await DeliveryScene.open(null)
  const before = scene.configure({ batch_max_wait: 1000 })
  scene.request(3)
  const after = scene.configure({ batch_max_wait: 2000 })
  scene.request(2, { plugin: after })
  scene.advance(1100)
  scene.request(1, { plugin: before })
  scene.advance(1100)

  before.remove()

  expect(scene.calls.map((call) => scene.carried(call))).toEqual([[1, 2, 3], [4, 5], [6]])
  expect(scene.ledger()).toEqual({
    captured: 6,
    sent: 6,
    unconfirmed: 0,
    sampledOut: 0,
    pending: 0,
    dropped: {},
  })
})

test('flushes by itself when the configuration that follows sends elsewhere', async () => {
  const scene = await DeliveryScene.open(null)
  const before = scene.configure({})
  scene.request(5)
  scene.configure({ moesif_application_id: 'another-application-id' })
  scene.collector.answerAlways({ status: 201, delayMs: 300 })

  before.remove()
  expect(scene.ledger()).toMatchObject({ unconfirmed: 5, pending: 0 })
  scene.advance(300)

  expect(scene.calls[0]?.headers['x-moesif-application-id']).toBe('spec-application-id-0042')
  expect(scene.ledger()).toMatchObject({
    captured: 5,
    sent: 5,
    unconfirmed: 0,
    pending: 0,
    dropped: NOTHING,
  })
})

test.each([
  ['refuses', 503],
  ['finds too large as a whole', 413],
])('counts as dropped what the collector %s of the final flush', async (_, status) => {
  const scene = await DeliveryScene.open(null)
  const before = scene.configure({})
  scene.request(5)
  scene.configure({ moesif_application_id: 'another-application-id' })
  scene.collector.answerAlways({ status })

  before.remove()
  scene.advance(0)

  expect(scene.ledger()).toEqual({
    captured: 5,
    sent: 0,
    unconfirmed: 0,
    sampledOut: 0,
    pending: 0,
    dropped: { shutdown: 5 },
  })
})

test('hands a failed call of the old configuration to the new one', async () => {
  const scene = await DeliveryScene.open(null)
  const before = scene.configure({ batch_max_size: 5 })
  scene.collector.answerNext({ status: 503, delayMs: 400 })
  scene.request(5)
  scene.configure({ batch_max_size: 6 })

  before.remove()
  expect(scene.ledger()).toMatchObject({ unconfirmed: 5, pending: 0 })
  scene.advance(5000)

  expect(scene.calls).toHaveLength(2)
  expect(scene.ledger()).toMatchObject({
    captured: 5,
    sent: 5,
    unconfirmed: 0,
    pending: 0,
    dropped: NOTHING,
  })
})

/** A plugin whose configuration was replaced by one for another application while exchanges were pending. */
async function replaced({ options = {}, exchanges = 5 } = {}) {
  const scene = await DeliveryScene.open(null)
  const before = scene.configure(options)
  const root = scene.emulator.worker(0).root(before)!
  scene.request(exchanges)
  scene.configure({ moesif_application_id: 'another-application-id' })
  return { scene, before, root }
}

test('lets its context go once the final flush is answered', async () => {
  const { scene, before, root } = await replaced()
  scene.collector.answerAlways({ status: 201, delayMs: 300 })

  before.remove()
  expect(root.state).toBe('waiting for proxy_done')
  scene.advance(300)

  expect(root.state).toBe('deleted')
})

test('lets its context go when no answer ever comes', async () => {
  const { scene, before, root } = await replaced({ options: { connection_timeout: 3000 } })
  scene.collector.answerAlways({ silent: true })

  before.remove()
  scene.advance(2900)
  expect(root.state).not.toBe('deleted')
  scene.advance(1100)

  expect(root.state).toBe('deleted')
  expect(scene.ledger()).toMatchObject({ pending: 0 })
})

test('lets its context go a second after connection_timeout when the host never answers the final flush', async () => {
  const { scene, before, root } = await replaced({ options: { connection_timeout: 3000 } })
  scene.collector.answerAlways({ lost: true })

  before.remove()
  scene.advance(3999)
  expect(root.state).toBe('waiting for proxy_done')
  scene.advance(1)

  expect(root.state).toBe('deleted')
  expect(scene.ledger()).toMatchObject({ captured: 5, unconfirmed: 5, pending: 0 })
})

test('lets its context go at once when there is nothing to wait for', async () => {
  const { before, root } = await replaced({ exchanges: 0 })

  before.remove()

  expect(root.state).toBe('deleted')
})

test('gives all memory back: sixty updates with pending events leave the VM as it was', async () => {
  const scene = await DeliveryScene.open(null)
  let current = scene.configure({ batch_max_size: 25 })
  let pages = 0

  for (let update = 0; update < 60; update++) {
    scene.request(40, { plugin: current, body: JSON.stringify('x'.repeat(4000)) })
    const next = scene.configure({
      batch_max_size: 26 + (update % 10),
      debug: update % 2 === 0,
      ...(update % 3 === 0 ? { moesif_application_id: `application-id-${update}` } : {}),
    })
    current.remove()
    scene.advance(5000)
    current = next
    if (update === 29) pages = scene.emulator.memoryPages
  }
  scene.advance(5000)

  expect(scene.emulator.memoryPages).toBe(pages)
  expect(scene.ledger()).toMatchObject({
    captured: 2400,
    sent: 2400,
    pending: 0,
    unconfirmed: 0,
    sampledOut: 0,
  })
})
