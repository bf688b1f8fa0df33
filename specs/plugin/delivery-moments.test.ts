import { expect, test } from 'vitest'
import { Status } from '#sandbox/emulated-plugin/index.ts'
import { DeliveryScene, constantRandom } from '#specs/support/delivery-scene.ts'

const noJitter = { random: constantRandom(0) }
const longestJitter = { random: constantRandom(0xff) }
const another = { moesif_application_id: 'another-application-id' }

const lines = (scene: DeliveryScene) => scene.emulator.logs.entries.map(({ message }) => message)
const carried = (scene: DeliveryScene) => scene.calls.map((call) => scene.carried(call))

test('a batch that failed is dropped by the tick at which its first event is retry_max_age old', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1, retry_max_age: 10_000 }, noJitter)
  scene.collector.answerAlways({ status: 503 })
  scene.request(1)

  scene.advance(9999)
  expect(scene.ledger()).toMatchObject({ pending: 1, dropped: {} })
  scene.advance(1)

  expect(scene.ledger()).toMatchObject({ pending: 0, dropped: { expired: 1 } })
  expect(lines(scene).at(-1)).toBe(
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

    expect(carried(scene).slice(before).sort()).toEqual(batches)
  }
})

test('an outage is logged when five seconds of it are over, and again a minute later', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 }, noJitter)
  scene.collector.answerAlways({ refuse: Status.InternalFailure })
  scene.request(1)

  scene.advance(4999)
  expect(lines(scene)).toEqual([])
  scene.advance(1)
  expect(lines(scene)).toEqual([expect.stringContaining('no batch could be delivered for 5 s')])
  scene.advance(59_999)
  expect(lines(scene)).toHaveLength(1)
  scene.advance(1)
  expect(lines(scene)).toEqual([expect.anything(), expect.stringContaining('delivered for 65 s')])
})

const outages: [what: string, answer: object, line: string][] = [
  [
    'no cluster',
    { refuse: Status.BadArgument },
    'Envoy has no cluster "moesif_api": add it, or name an existing one in the option "upstream".',
  ],
  [
    'no host',
    { refuse: Status.InternalFailure },
    'no batch could be delivered for 5 s through cluster "moesif_api": it has no healthy host, or its circuit breaker is full. Check its endpoints and health checks.',
  ],
  [
    'an answer that breaks off',
    { reset: true },
    'no batch could be delivered for 5 s through cluster "moesif_api": the connection breaks in the middle of the answer.',
  ],
  [
    'a refused connection',
    { unreachable: 'connection-refused' },
    'no batch could be delivered for 5 s through cluster "moesif_api": Envoy cannot get an answer and says 503. Check the address and TLS settings of the cluster, the option "connection_timeout", and that the collector is up.',
  ],
  [
    'an error of the collector',
    { status: 502 },
    'no batch could be delivered for 5 s through cluster "moesif_api": the collector answers 502. Check the state of the collector.',
  ],
]

test.each(outages)('%s is logged with what to do about it', async (_, answer, line) => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 }, noJitter)
  scene.collector.answerAlways(answer as { status: number })
  scene.request(1)
  scene.advance(5100)

  expect(lines(scene)).toEqual([
    `moesif: delivery: ${line} Events wait in memory and are sent again; logged once a minute at most.`,
  ])
})

test('an outage that is over counts for nothing when the next one begins', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 }, noJitter)
  for (let outage = 0; outage < 3; outage++) {
    scene.collector.answerAlways({ status: 503 })
    scene.request(1)
    scene.advance(4500)
    scene.collector.answerAlways({ status: 201 })
    scene.advance(1000)
  }

  expect(lines(scene)).toEqual([])
})

test('nor does a late failure of a call from before, once the collector has answered', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 }, noJitter)
  scene.collector.answerNext({ status: 503, delayMs: 10 }, { status: 503, delayMs: 5000 })
  scene.request(3)
  scene.advance(6000)
  scene.request(1)
  scene.advance(10_000)
  scene.collector.answerNext({ status: 503 })
  scene.request(1)
  scene.advance(1000)

  expect(lines(scene)).toEqual([])
  expect(scene.ledger()).toMatchObject({ sent: 5 })
})

test.each([
  [401, 'Check moesif_application_id; the application id ends in 0042'],
  [403, 'Check moesif_application_id; the application id ends in 0042'],
  [402, 'Check that the Moesif subscription is active.'],
  [400, 'Check base_uri and what stands between Envoy and the collector.'],
  [404, 'Check base_uri and what stands between Envoy and the collector.'],
])(
  'a batch that is refused with %i is logged with what to check, once a minute',
  async (status, check) => {
    const scene = await DeliveryScene.open({ batch_max_size: 1 })
    scene.collector.answerAlways({ status })
    const line = `moesif: delivery: the collector refuses batches with status ${status}; events dropped: 1. ${check}`
    scene.request(2)
    scene.advance(1)
    expect(lines(scene)).toEqual([line])
    scene.advance(59_999)
    expect(lines(scene)).toEqual([line])
    scene.request(1)
    scene.advance(0)

    expect(lines(scene)).toEqual([line, line])
  },
)

test('a refusal is logged again only when a minute has passed', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 })
  scene.collector.answerAlways({ status: 404 })
  for (const wait of [0, 59_998, 1, 1]) {
    scene.request(1)
    scene.advance(wait)
  }

  expect(lines(scene)).toHaveLength(1)
  scene.request(1)
  scene.advance(0)
  expect(lines(scene)).toHaveLength(2)
})

test('drops of a reason are logged once a minute, with how many there were meanwhile', async () => {
  const scene = await DeliveryScene.open({ queue_max_bytes: 16_384 })
  const large = { body: JSON.stringify('x'.repeat(20_000)) }
  scene.request(1, large)
  scene.advance(59_999)
  scene.request(2, large)
  expect(lines(scene)).toHaveLength(1)
  scene.advance(1)
  scene.request(1, large)

  const remedy =
    'Each alone is larger than Moesif, the collector or the queue takes. Lower request_max_body_size_limit and response_max_body_size_limit.'
  expect(lines(scene)).toEqual(
    [1, 3].map((count) => `moesif: delivery: events dropped: ${count}. ${remedy}`),
  )
  scene.advance(60_000)
  scene.request(1, large)
  expect(lines(scene).at(-1)).toContain('dropped: 1. ')
})

test.each([
  ['short-id-0042.xyz', '.xyz'],
  ['sixteen-bytes-ID', 's-ID'],
])('of the application id %s, which is long enough, the end is shown: %s', async (id, end) => {
  const scene = await DeliveryScene.open({ batch_max_size: 1, moesif_application_id: id })
  scene.collector.answerAlways({ status: 401 })
  scene.request(1)
  scene.advance(0)

  expect(lines(scene)[0]?.split('; the application id ends in ')[1]).toBe(end)
})

test('debug: each try of a batch is a line with its number, its answer and how long that took', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 2, debug: true }, noJitter)
  scene.collector.answerNext(
    { status: 503, delayMs: 7 },
    { reset: true, delayMs: 5 },
    { status: 413, delayMs: 3 },
    { status: 201, delayMs: 2 },
    { status: 201, delayMs: 1 },
  )
  scene.request(2)
  const size = scene.calls[0]!.body.length
  scene.advance(1000)

  const batches = lines(scene).filter((line) => line.includes('batch of'))
  const id = '; the application id ends in 0042'
  const sizes = scene.calls.slice(-2).map(({ body }) => body.length)
  expect(batches).toEqual([
    `moesif: delivery: batch of 2 events, ${size} bytes, try 1: answered 503 after 7 ms${id}`,
    `moesif: delivery: batch of 2 events, ${size} bytes, try 2: no answer after 5 ms${id}`,
    `moesif: delivery: batch of 2 events, ${size} bytes, try 3: answered 413 after 3 ms${id}`,
    `moesif: delivery: batch of 1 events, ${sizes[1]} bytes, try 1: answered 201 after 1 ms${id}`,
    `moesif: delivery: batch of 1 events, ${sizes[0]} bytes, try 1: answered 201 after 2 ms${id}`,
  ])
})

test('lines that the host would not show are not made', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1, debug: true }, { logLevel: 'warn' })
  scene.request(2)
  scene.advance(1000)

  expect(scene.emulator.hostCalls.of('proxy_log').calls).toBe(0)
})

test('of batches that fail one is tried four times before the next one is', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 }, noJitter)
  scene.collector.answerAlways({ status: 503 })
  scene.request(1)
  scene.advance(0)
  scene.request(2)
  scene.advance(2500)

  expect(carried(scene).flat().slice(0, 16)).toEqual([
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

  const sent = carried(scene).slice(before).flat()
  expect(sent.toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: pending }, (_, i) => 30 - pending + i + 1),
  )
})

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
    expect(carried(whole).at(-1)).toEqual([1, 2, 3, 4, 5, 6, 7])

    expect(carried(await flush(7, size, batchMaxSize)).at(-1)).toEqual([1, 2, 3, 4, 5, 6, 7])
    const cut = await flush(7, size - 1, batchMaxSize)
    expect(carried(cut).at(-1)).toEqual([1, 2, 3, 4, 5, 6])
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

  expect(carried(scene)).toEqual([[1, 2]])
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
  expect(lines(scene).find((line) => line.includes('batch of'))).toContain('try 1: ')
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
  expect(lines(scene).at(-1)).toMatch(/events dropped: \d\. The queue is full/)
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

test('new events that nothing came of are reported with the tick, and nothing else is', async () => {
  const scene = await DeliveryScene.open()
  scene.advance(100)
  scene.emulator.hostCalls.reset()
  scene.advance(700)

  // A tick in which nothing was counted: the heartbeat comes once a second.
  expect(scene.emulator.hostCalls.of('proxy_increment_metric').calls).toBeLessThanOrEqual(1)
  expect(scene.emulator.hostCalls.of('proxy_record_metric').calls).toBe(0)
})
