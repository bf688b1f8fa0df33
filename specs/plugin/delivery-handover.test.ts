import { expect, test } from 'vitest'
import { Status } from '#sandbox/emulated-plugin/index.ts'
import { DeliveryScene, noJitter } from '#specs/support/delivery-scene.ts'

const another = { moesif_application_id: 'another-application-id' }

test('what was dropped since the last tick is counted when the configuration ends', async () => {
  const scene = await DeliveryScene.open(null)
  const before = scene.configure({ queue_max_bytes: 16_384 })
  scene.configure(another)
  scene.request(1, { plugin: before, body: JSON.stringify('x'.repeat(20_000)) })

  before.remove()

  expect(scene.ledger()).toMatchObject({ captured: 1, dropped: { too_large: 1 } })
})

/** Ends a configuration that has so many events pending, the process with it or not. */
async function flush(events: number, shutdownMaxBytes: number, batchMaxSize = 100) {
  const scene = await DeliveryScene.open({
    batch_max_size: batchMaxSize,
    shutdown_max_bytes: shutdownMaxBytes,
  })
  scene.collector.answerAlways({ refuse: Status.InternalFailure })
  scene.request(events)
  scene.collector.answerAlways({ status: 201 })
  scene.emulator.shutDown()
  return scene
}

test.each([100, 3, 2, 1])(
  'a final flush of exactly shutdown_max_bytes has every event, one of a byte less lacks one: batches of %i',
  async (batchMaxSize) => {
    const whole = await flush(7, 1_000_000, batchMaxSize)
    const size = whole.calls.at(-1)!.body.length
    expect(whole.batches.at(-1)).toEqual([1, 2, 3, 4, 5, 6, 7])

    expect((await flush(7, size, batchMaxSize)).batches.at(-1)).toEqual([1, 2, 3, 4, 5, 6, 7])
    const cut = await flush(7, size - 1, batchMaxSize)
    expect(cut.batches.at(-1)).toEqual([1, 2, 3, 4, 5, 6])
    expect(cut.ledger()).toMatchObject({ unconfirmed: 6, dropped: { shutdown: 1 } })
  },
)

test.each([0, 1, 3, 4, 100])('a final flush of %i bytes has no event', async (size) => {
  const scene = await flush(3, size, 2)

  expect(scene.ledger()).toMatchObject({ unconfirmed: 0, pending: 0, dropped: { shutdown: 3 } })
})

test('a root that is told twice that it ends flushes once, and waits as long as before', async () => {
  const scene = await DeliveryScene.open()
  scene.collector.answerAlways({ status: 201, delayMs: 100 })
  scene.request(2)
  const root = scene.emulator.worker(0).root()!

  const answers = [1, 2].map(() => root.vm.call('proxy_on_done', root, root.id))
  expect(answers).toEqual([0, 0])
  expect(scene.calls).toHaveLength(1)
  scene.advance(100)

  expect(root.vm.call('proxy_on_done', root, root.id)).toBe(1)
  expect(scene.ledger()).toMatchObject({ sent: 2, pending: 0, unconfirmed: 0 })
})

test('events of streams that outlive their root are counted as lost with it', async () => {
  const scene = await DeliveryScene.open()
  scene.collector.answerAlways({ status: 201, delayMs: 100 })
  scene.request(1)
  const stream = scene.emulator.worker(0).stream()
  stream.requestHeaders({ ':method': 'GET', ':path': '/', ':authority': 'a' })
  const { root, vm } = stream

  vm.call('proxy_on_done', root, root.id)
  stream.end()
  scene.advance(100)

  expect(scene.ledger()).toMatchObject({ captured: 2, sent: 1, dropped: { shutdown: 1 } })
})

test.each<[what: string, options: object]>([
  ['cluster', { upstream: 'another_api' }],
  ['host', { base_uri: 'https://another.test' }],
  ['path', { base_uri: 'https://api.moesif.net/another' }],
  ['application', another],
])('events of another %s are not handed over', async (_, options) => {
  const scene = await DeliveryScene.open(null)
  const before = scene.configure({})
  scene.configure({ batch_max_size: 1, ...options })
  scene.request(2, { plugin: before })

  before.remove()

  expect(scene.batches).toEqual([[1, 2]])
  expect(scene.calls[0]).toMatchObject({ cluster: 'moesif_api' })
  expect(scene.calls[0]?.headers).toMatchObject({
    ':authority': 'api.moesif.net',
    ':path': '/v1/events/batch',
    'x-moesif-application-id': 'spec-application-id-0042',
  })
})

test('what is handed over has its turn by its age, and its tries begin anew', async () => {
  const scene = await DeliveryScene.open(null, noJitter)
  const before = scene.configure({ batch_max_size: 1, batch_max_wait: 50 })
  const after = scene.configure({ batch_max_size: 1, debug: true })
  scene.collector.answerAlways({ refuse: Status.InternalFailure })
  scene.request(1, { plugin: before })
  scene.advance(1000)
  scene.request(1, { plugin: after })
  scene.advance(1000)
  scene.request(1, { plugin: before })
  scene.request(1, { plugin: after })

  before.remove()
  scene.collector.answerAlways({ status: 201 })
  scene.advance(1000)

  const sent = scene.calls.filter(({ answer }) => 'status' in answer)
  expect(sent.map((call) => scene.carried(call)[0])).toEqual([1, 2, 4, 3])
  expect(scene.lines.find((line) => line.includes('batch of'))).toContain('try 1: ')
})

test('what a full queue has no room for is counted by the configuration that follows', async () => {
  const scene = await DeliveryScene.open(null)
  const body = JSON.stringify('x'.repeat(2500))
  const before = scene.configure({ batch_max_size: 1 })
  const after = scene.configure({ batch_max_size: 1, queue_max_bytes: 16_384 })
  scene.collector.answerAlways({ refuse: Status.InternalFailure })
  scene.request(2, { plugin: after, body })
  scene.request(5, { plugin: before, body })
  scene.advance(100)
  expect(scene.ledger()).toMatchObject({ pending: 7, dropped: {} })

  before.remove()

  const { pending, dropped } = scene.ledger()
  expect(dropped).toEqual({ queue_full: 7 - pending })
  expect(pending).toBeGreaterThan(2)
  expect(scene.lines.at(-1)).toMatch(/events dropped: \d\. The queue is full/)
})

test('a final flush that failed is as old as its first event', async () => {
  const scene = await DeliveryScene.open(null, noJitter)
  const options = { retry_max_age: 10_000, batch_max_wait: 600_000 }
  const before = scene.configure(options)
  scene.configure(another)
  scene.request(2, { plugin: before })
  scene.advance(1000)
  scene.collector.answerAlways({ status: 503, delayMs: 3000 })
  before.remove()
  scene.advance(1000)
  scene.configure({ ...options, batch_max_size: 7 })
  scene.collector.answerNext({ status: 503, delayMs: 3000 })

  scene.advance(7900)
  expect(scene.ledger()).toMatchObject({ pending: 2, dropped: {} })
  scene.advance(3200)

  expect(scene.ledger()).toMatchObject({ pending: 0, dropped: { expired: 2 } })
})
