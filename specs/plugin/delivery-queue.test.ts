import { expect, test } from 'vitest'
import { DeliveryScene } from '#specs/support/delivery-scene.ts'

const pageBytes = 65_536
const bytes = (count: number) => JSON.stringify('x'.repeat(count))
const small = { batch_max_size: 5, queue_max_bytes: 30_000, retry_max_age: 86_400_000 }

test('keeps the oldest events when the queue is full, and counts the newest as dropped', async () => {
  const scene = await DeliveryScene.open(small)
  scene.collector.answerAlways({ status: 503 })

  scene.request(200)
  // New events are reported once a tick.
  scene.advance(100)
  const { captured, pending, dropped } = scene.ledger()
  scene.collector.answerAlways({ status: 201 })
  scene.advance(60_000)

  expect(captured).toBe(200)
  expect(dropped).toEqual({ queue_full: 200 - pending })
  const received = scene.calls
    .filter((call) => 'status' in call.answer && call.answer.status === 201)
    .flatMap((call) => scene.carried(call))
  expect(received.sort((a, b) => a - b)).toEqual(Array.from({ length: pending }, (_, i) => i + 1))
})

test('keeps the newest events with queue_overflow "drop_oldest"', async () => {
  const scene = await DeliveryScene.open({ ...small, queue_overflow: 'drop_oldest' })
  scene.collector.answerAlways({ refuse: 10 })

  scene.request(200)
  const { captured, pending, dropped } = scene.ledger()
  scene.collector.answerAlways({ status: 201 })
  scene.advance(60_000)

  expect(captured).toBe(200)
  expect(pending).toBeGreaterThan(10)
  expect(dropped).toEqual({ queue_full: 200 - pending })
  const received = scene.calls
    .filter((call) => 'status' in call.answer && call.answer.status === 201)
    .flatMap((call) => scene.carried(call))
  expect(received.sort((a, b) => a - b)).toEqual(
    Array.from({ length: pending }, (_, i) => 200 - pending + i + 1),
  )
})

test('never drops a batch in flight to make room', async () => {
  const scene = await DeliveryScene.open({ ...small, queue_overflow: 'drop_oldest' })
  scene.collector.answerAlways({ status: 201, delayMs: 3000 })

  scene.request(200)
  scene.advance(60_000)

  const { sent, dropped } = scene.ledger()
  expect(scene.collector.events()).toHaveLength(sent)
  expect(dropped).toEqual({ queue_full: 200 - sent })
  expect(scene.calls.slice(0, 2).flatMap((call) => scene.carried(call))).toEqual([
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
  ])
})

test('drops an event that would never fit into the queue', async () => {
  const scene = await DeliveryScene.open({ queue_max_bytes: 16_384 })

  scene.request(1, { body: JSON.stringify('x'.repeat(20_000)) })
  scene.request(1)
  scene.advance(3000)

  expect(scene.ledger()).toMatchObject({ captured: 2, sent: 1, dropped: { too_large: 1 } })
})

test('takes new events as soon as there is room again', async () => {
  const scene = await DeliveryScene.open(small)
  scene.collector.answerAlways({ status: 503 })
  scene.request(200)
  scene.collector.answerAlways({ status: 201 })
  scene.advance(60_000)
  const before = scene.ledger()

  scene.request(50)
  scene.advance(3000)

  const after = scene.ledger()
  expect(after.sent - before.sent).toBe(50)
  expect(after.dropped).toEqual(before.dropped)
})

test('grows to the bound of the queue while the collector is dead, and no further', async () => {
  const queueMaxBytes = 2_000_000
  const scene = await DeliveryScene.open({
    queue_max_bytes: queueMaxBytes,
    batch_max_bytes: 100_000,
    retry_max_age: 86_400_000,
  })
  const before = scene.emulator.memoryPages
  scene.collector.answerAlways({ unreachable: 'connection-refused' })

  const body = JSON.stringify('x'.repeat(2000))
  const pages: number[] = []
  for (let minute = 0; minute < 6; minute++) {
    scene.request(1000, { body })
    scene.advance(60_000)
    pages.push(scene.emulator.memoryPages)
  }

  const { dropped } = scene.ledger()
  expect(dropped['queue_full']).toBeGreaterThan(4000)
  expect(new Set(pages.slice(1)).size).toBe(1)
  expect((pages[0]! - before) * pageBytes).toBeLessThanOrEqual(queueMaxBytes + 3 * 100_000)
})

test('uses the memory of one outage again in the next', async () => {
  const scene = await DeliveryScene.open({
    queue_max_bytes: 500_000,
    batch_max_size: 7,
    retry_max_age: 86_400_000,
  })
  const before = scene.emulator.memoryPages

  for (let outage = 0; outage < 10; outage++) {
    scene.collector.answerAlways({ status: 503 })
    // Other sizes each time, so that no block fits exactly where one was.
    scene.request(500, { body: JSON.stringify('x'.repeat(300 + outage * 137)) })
    scene.advance(5000)
    scene.collector.answerAlways({ status: 201 })
    scene.advance(60_000)
    expect(scene.ledger().pending).toBe(0)
  }

  expect((scene.emulator.memoryPages - before) * pageBytes).toBeLessThanOrEqual(500_000 * 1.3)
})

test('drops nothing in vain: what cannot make room for the open batch stays', async () => {
  const scene = await DeliveryScene.open({
    queue_overflow: 'drop_oldest',
    queue_max_bytes: 60_000,
    batch_max_bytes: 30_000,
    connection_timeout: 300_000,
  })
  scene.collector.answerAlways({ status: 201, delayMs: 60_000 })
  for (let call = 0; call < 2; call++) {
    scene.request(1, { body: bytes(20_000) })
    scene.advance(3000)
  }
  scene.request(1, { body: bytes(1000) })
  scene.request(1, { body: bytes(28_500) })

  // In flight: 40 kB. Waiting: 1.5 kB, which is less than the open batch of 29 kB lacks.
  scene.advance(100)
  for (const dropped of [1, 2]) {
    scene.request(1, { body: bytes(4000) })
    scene.advance(100)
    expect(scene.ledger()).toMatchObject({ pending: 4, dropped: { queue_full: dropped } })
  }
  scene.advance(300_000)
  expect(scene.ledger()).toMatchObject({ captured: 6, sent: 4, pending: 0 })
})

test('counts each event once, whatever is dropped to make room for it', async () => {
  const scene = await DeliveryScene.open({
    queue_overflow: 'drop_oldest',
    queue_max_bytes: 16_384,
    batch_max_bytes: 4000,
  })
  scene.collector.answerAlways({ status: 201, delayMs: 3000 })

  for (let round = 0; round < 40; round++) {
    scene.request(3, { body: JSON.stringify('x'.repeat(100 + ((round * 977) % 9000))) })
    scene.ledger()
    if (round % 4 === 0) scene.advance(1000)
  }
  scene.advance(60_000)

  expect(scene.ledger()).toMatchObject({ captured: 120, pending: 0 })
})

test('an event of exactly queue_max_bytes, brackets included, is sent, one of a byte more is too large', async () => {
  const body = JSON.stringify('x'.repeat(20_000))
  const free = await DeliveryScene.open({ batch_max_size: 1 })
  free.request(1, { body })
  const exact = free.calls[0]!.body.length

  for (const [queue_max_bytes, dropped] of [
    [exact, {}],
    [exact - 1, { too_large: 1 }],
  ] as const) {
    const scene = await DeliveryScene.open({ batch_max_size: 1, queue_max_bytes })
    scene.request(1, { body })
    scene.advance(1000)
    const sent = queue_max_bytes === exact ? 1 : 0
    expect(scene.ledger()).toMatchObject({ captured: 1, sent, pending: 0 })
    expect(scene.ledger().dropped).toEqual(dropped)
  }
})

/** The smallest queue_max_bytes with which it ends as it should. */
async function smallestQueue(
  isRight: (queueMaxBytes: number) => Promise<boolean>,
): Promise<number> {
  let [tooSmall, enough] = [16_384, 24_000]
  expect(await isRight(enough)).toBe(true)
  while (enough - tooSmall > 1) {
    const middle = (tooSmall + enough) >> 1
    if (await isRight(middle)) enough = middle
    else tooSmall = middle
  }
  return enough
}

// Batches take multiples of 8 bytes: a bound that is such a multiple is used up whole.
test('what fits exactly into queue_max_bytes is queued', async () => {
  const smallest = await smallestQueue(async (queueMaxBytes) => {
    const scene = await DeliveryScene.open({ batch_max_size: 1, queue_max_bytes: queueMaxBytes })
    scene.collector.answerAlways({ status: 503 })
    scene.request(4, { body: 'x'.repeat(4500) })
    scene.advance(100)
    // Three are queued, the fourth is open.
    return scene.ledger().pending === 4
  })

  expect(smallest % 8).toBe(0)
})

test('what fits exactly beside the batches in flight takes the place of older ones', async () => {
  const smallest = await smallestQueue(async (queueMaxBytes) => {
    const scene = await DeliveryScene.open({
      batch_max_size: 1,
      queue_max_bytes: queueMaxBytes,
      queue_overflow: 'drop_oldest',
    })
    scene.collector.answerNext({ silent: true }, { silent: true })
    scene.request(5, { body: 'x'.repeat(4500) })
    scene.advance(30_000)
    return scene.calls.some((call) => scene.carried(call).includes(5))
  })

  expect(smallest % 8).toBe(0)
})
