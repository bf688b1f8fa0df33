import { expect, test } from 'vitest'
import { Status } from '#sandbox/emulated-plugin/index.ts'
import { DeliveryScene, noJitter } from '#specs/support/delivery-scene.ts'

test('an outage is logged when five seconds of it are over, and again a minute later', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 }, noJitter)
  scene.collector.answerAlways({ refuse: Status.InternalFailure })
  scene.request(1)

  scene.advance(4999)
  expect(scene.lines).toEqual([])
  scene.advance(1)
  expect(scene.lines).toEqual([expect.stringContaining('no batch could be delivered for 5 s')])
  scene.advance(59_999)
  expect(scene.lines).toHaveLength(1)
  scene.advance(1)
  expect(scene.lines).toEqual([expect.anything(), expect.stringContaining('delivered for 65 s')])
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

  expect(scene.lines).toEqual([
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

  expect(scene.lines).toEqual([])
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

  expect(scene.lines).toEqual([])
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
    expect(scene.lines).toEqual([line])
    scene.advance(59_999)
    expect(scene.lines).toEqual([line])
    scene.request(1)
    scene.advance(0)

    expect(scene.lines).toEqual([line, line])
  },
)

test('a refusal is logged again only when a minute has passed', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 })
  scene.collector.answerAlways({ status: 404 })
  for (const wait of [0, 59_998, 1, 1]) {
    scene.request(1)
    scene.advance(wait)
  }

  expect(scene.lines).toHaveLength(1)
  scene.request(1)
  scene.advance(0)
  expect(scene.lines).toHaveLength(2)
})

test('drops of a reason are logged once a minute, with how many there were meanwhile', async () => {
  const scene = await DeliveryScene.open({ queue_max_bytes: 16_384 })
  const large = { body: JSON.stringify('x'.repeat(20_000)) }
  scene.request(1, large)
  scene.advance(59_999)
  scene.request(2, large)
  expect(scene.lines).toHaveLength(1)
  scene.advance(1)
  scene.request(1, large)

  const remedy =
    'Each alone is larger than Moesif, the collector or the queue takes. Lower request_max_body_size_limit and response_max_body_size_limit.'
  expect(scene.lines).toEqual(
    [1, 3].map((count) => `moesif: delivery: events dropped: ${count}. ${remedy}`),
  )
  scene.advance(60_000)
  scene.request(1, large)
  expect(scene.lines.at(-1)).toContain('dropped: 1. ')
})

test.each([
  ['short-id-0042.xyz', '.xyz'],
  ['sixteen-bytes-ID', 's-ID'],
])('of the application id %s, which is long enough, the end is shown: %s', async (id, end) => {
  const scene = await DeliveryScene.open({ batch_max_size: 1, moesif_application_id: id })
  scene.collector.answerAlways({ status: 401 })
  scene.request(1)
  scene.advance(0)

  expect(scene.lines[0]?.split('; the application id ends in ')[1]).toBe(end)
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

  const batches = scene.lines.filter((line) => line.includes('batch of'))
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
