import { expect, test } from 'vitest'
import { DeliveryScene } from '#specs/support/delivery-scene.ts'
import { NOTHING } from '#specs/support/nothing.ts'
import { startPlugin, eventsOf } from './support/plugin-under-test.ts'

/** An event whose path and body have such a length. */
const post = (scene: DeliveryScene, pathLength: number, bodyLength: number) => {
  const path = `/${'p'.repeat(pathLength)}`
  const request = { method: 'POST', path, body: 'x'.repeat(bodyLength) }
  scene.emulator.worker(0).exchange({ request, response: { status: 200 } })
}

const play = async (pathLength: number, batchMaxSize: number) => {
  const scene = await DeliveryScene.open({
    request_max_body_size_limit: 1_000_000,
    batch_max_size: batchMaxSize,
  })
  post(scene, pathLength, 190_000)
  return scene.calls
}

test('by default a batch of 262,144 bytes leaves at once, and one of a byte less waits', async () => {
  const [alone] = await play(0, 1)
  const missing = 262_144 - alone!.body.length

  expect(await play(missing, 1000)).toHaveLength(1)
  expect(await play(missing - 1, 1000)).toHaveLength(0)
})

/** Ends a process in which five events wait, the first with a path of such a length. */
const flush = async (pathLength: number) => {
  const scene = await DeliveryScene.open({
    request_max_body_size_limit: 1_000_000,
    batch_max_size: 1000,
    batch_max_bytes: 10_000_000,
  })
  for (const length of [pathLength, 1, 1, 1, 1]) post(scene, length, 155_000)
  scene.emulator.shutDown()
  return { bytes: scene.calls.at(-1)!.body.length, ...scene.ledger() }
}

test('by default the last call carries 1,048,576 bytes', async () => {
  const missing = 1_048_576 - (await flush(0)).bytes

  expect(await flush(missing)).toMatchObject({ bytes: 1_048_576, unconfirmed: 5, dropped: NOTHING })
  expect(await flush(missing + 1)).toMatchObject({ unconfirmed: 4, dropped: { shutdown: 1 } })
})

test('by default a batch is given up after ten minutes', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 })
  scene.collector.answerAlways({ status: 503 })
  scene.request(1)

  scene.advance(599_999)
  expect(scene.ledger()).toMatchObject({ pending: 1 })
  scene.advance(1)
  expect(scene.ledger()).toMatchObject({ dropped: { expired: 1 } })
})

test('by default 100,000 bytes of a body are kept, of requests and of responses', async () => {
  const emulator = await startPlugin()
  for (const [asked, answered] of [
    [100_000, 100_001],
    [100_001, 100_000],
  ] as const) {
    emulator.worker(0).exchange({
      request: { method: 'POST', body: 'x'.repeat(asked) },
      response: { status: 200, body: 'x'.repeat(answered) },
    })
  }

  const kept = eventsOf(emulator).map(({ request, response }) => [
    request.transfer_encoding === 'base64',
    response?.transfer_encoding === 'base64',
  ])
  expect(kept).toEqual([
    [true, false],
    [false, true],
  ])
})
