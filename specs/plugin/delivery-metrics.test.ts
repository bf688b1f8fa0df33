import { expect, test } from 'vitest'
import { DeliveryScene, noJitter } from '#specs/support/delivery-scene.ts'

test('defines every metric when it is configured', async () => {
  const scene = await DeliveryScene.open()

  expect(Object.keys(scene.emulator.metrics.toObject()).sort()).toEqual([
    'moesif_batch_latency_ms',
    'moesif_batches_retried_total',
    'moesif_batches_sent_total',
    'moesif_configuration_invalid',
    'moesif_documents_failed_total',
    'moesif_documents_fetched_total',
    'moesif_events_captured_total',
    'moesif_events_dropped_expired_total',
    'moesif_events_dropped_memory_total',
    'moesif_events_dropped_queue_full_total',
    'moesif_events_dropped_rejected_total',
    'moesif_events_dropped_shutdown_total',
    'moesif_events_dropped_too_large_total',
    'moesif_events_pending',
    'moesif_events_sampled_out_total',
    'moesif_events_sent_total',
    'moesif_events_unconfirmed_total',
    'moesif_exchanges_skipped_total',
    'moesif_governance_blocked_total',
    'moesif_governance_failed_open_total',
    'moesif_governance_invalid_rules',
    'moesif_governance_marked_total',
    'moesif_heartbeat_total',
    'moesif_upload_bytes_total',
  ])
})

test('defines its metrics once a root context', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 }, { workers: 2, mainThread: true })

  scene.request(20)
  scene.advance(5000)

  expect(scene.emulator.hostCalls.of('proxy_define_metric').calls).toBe(3 * 24)
})

test('adds up the workers', async () => {
  const scene = await DeliveryScene.open({}, { workers: 2 })

  scene.request(3, { worker: 0 })
  scene.request(4, { worker: 1 })
  scene.advance(100)
  expect(scene.ledger()).toMatchObject({ captured: 7, pending: 7 })
  scene.advance(2100)

  expect(scene.ledger()).toMatchObject({ captured: 7, sent: 7, pending: 0 })
})

test('reports new events once a tick, not one by one', async () => {
  // Without chance: a first fetch of documents, which is counted too, would come at a random moment.
  const scene = await DeliveryScene.open({}, noJitter)
  scene.emulator.hostCalls.reset()

  scene.request(50)
  expect(scene.ledger()).toMatchObject({ captured: 0, pending: 0 })
  scene.advance(100)

  expect(scene.ledger()).toMatchObject({ captured: 50, pending: 50 })
  expect(scene.emulator.hostCalls.of('proxy_increment_metric').calls).toBeLessThanOrEqual(3)
})

test('records how long each batch took to be received', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 1 })
  scene.collector.answerNext({ status: 201, delayMs: 40 }, { status: 201, delayMs: 250 })

  scene.request(2)
  scene.advance(1000)

  expect(scene.emulator.metrics.samples('moesif_batch_latency_ms')).toEqual([40, 250])
})

test('counts the bytes of every try', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 5 })
  scene.collector.answerNext({ status: 503 }, { reset: true })

  scene.request(5)
  scene.advance(10_000)

  expect(scene.calls).toHaveLength(3)
  expect(scene.metric('moesif_upload_bytes_total')).toBe(
    scene.calls.reduce((sum, call) => sum + call.body.length, 0),
  )
})

test('beats once a second, also when no tick comes at a whole second', async () => {
  const scene = await DeliveryScene.open({ batch_max_wait: 70 }, { workers: 1 })

  scene.advance(100_000)

  expect(scene.metric('moesif_heartbeat_total')).toBeGreaterThanOrEqual(99)
})

test('beats once a second on every thread', async () => {
  const scene = await DeliveryScene.open({}, { workers: 3, mainThread: true })

  scene.advance(60_000)

  expect(scene.metric('moesif_heartbeat_total')).toBeGreaterThanOrEqual(4 * 59)
  expect(scene.metric('moesif_heartbeat_total')).toBeLessThanOrEqual(4 * 61)
})

test('says that a configuration is invalid', async () => {
  const scene = await DeliveryScene.open(null)

  const invalid = scene.configure({ batch_max_size: [] })
  expect(scene.metric('moesif_configuration_invalid')).toBe(1)
  scene.configure({ batch_max_size: 10 })
  invalid.remove()

  expect(scene.metric('moesif_configuration_invalid')).toBe(0)
})
