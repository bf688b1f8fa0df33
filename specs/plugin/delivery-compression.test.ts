import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { DeliveryScene } from '#specs/support/delivery-scene.ts'

function compressions(scene: DeliveryScene): number {
  return scene.emulator.hostCalls.of('proxy_call_foreign_function').calls
}

test('sends plain JSON by default', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 5 })

  scene.request(5)

  expect(scene.calls).toHaveLength(1)
  expect(scene.calls[0]!.headers).not.toHaveProperty('content-encoding')
  expect(JSON.parse(Buffer.from(scene.calls[0]!.body).toString())).toHaveLength(5)
  expect(compressions(scene)).toBe(0)
})

test('sends zlib streams as deflate with enable_compression', async () => {
  const scene = await DeliveryScene.open({
    batch_max_size: 5,
    enable_compression: true,
    debug: true,
  })

  scene.request(5)
  scene.advance(0)

  const call = scene.calls[0]!
  expect(call.headers['content-encoding']).toBe('deflate')
  const plain = inflateSync(call.body)
  expect(JSON.parse(plain.toString())).toHaveLength(5)
  expect(call.body.length).toBeLessThan(plain.length)
  expect(scene.metric('moesif_upload_bytes_total')).toBe(call.body.length)
  expect(scene.emulator.logs.messages('info').join('\n')).toContain(
    `batch of 5 events, ${plain.length} bytes, ${call.body.length} compressed, `,
  )
})

test('compresses a batch once, however often it is tried', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 5, enable_compression: true })
  scene.collector.answerNext({ status: 503 }, { status: 503 }, { status: 503 })

  scene.request(5)
  scene.advance(20_000)

  expect(scene.calls).toHaveLength(4)
  for (const call of scene.calls) expect(call.body).toEqual(scene.calls[0]?.body)
  expect(compressions(scene)).toBe(1)
})

test('compresses nothing before it is sent', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 5, enable_compression: true })
  scene.collector.answerAlways({ silent: true })

  scene.request(50)

  expect(compressions(scene)).toBe(2)
})

test('sends plain JSON when the host has no compression, and asks once a batch', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 5, enable_compression: true })
  scene.emulator.foreignFunctions.delete('compress')
  scene.collector.answerNext({ status: 503 })

  scene.request(5)
  scene.advance(10_000)

  expect(scene.calls).toHaveLength(2)
  for (const call of scene.calls) expect(call.headers).not.toHaveProperty('content-encoding')
  expect(compressions(scene)).toBe(1)
  expect(scene.ledger()).toMatchObject({ sent: 5 })
})

/** So many events, of which two batches are in flight. */
const queued = async (queueMaxBytes: number, events: number) => {
  const scene = await DeliveryScene.open({
    batch_max_size: 2,
    enable_compression: true,
    queue_max_bytes: queueMaxBytes,
  })
  scene.collector.answerAlways({ silent: true })
  scene.request(events, { body: 'x'.repeat(1500) })
  scene.advance(100)
  return scene
}

test('a batch and its compressed form take their bytes of the queue, and no more', async () => {
  const { calls } = await queued(100_000, 2)
  const [compressed, plain] = [calls[0]!.body.length, inflateSync(calls[0]!.body).length]
  // Beside the bytes of JSON a batch has a head.
  const batches = 3 * plain + 300

  expect((await queued(batches + compressed, 7)).ledger().dropped).toEqual({ queue_full: 1 })
  expect((await queued(batches + 3 * compressed, 7)).ledger().dropped).toEqual({})
})
