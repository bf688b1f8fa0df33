import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { eventsOf } from '#sandbox/emulated-plugin/index.ts'
import { BUILT_PLUGIN } from '#sandbox/envoy/plugin-filter.ts'
import { DeliveryScene } from '#specs/support/delivery-scene.ts'
import { limitMemory } from '#specs/support/limit-memory.ts'
import { NOTHING } from '#specs/support/nothing.ts'

const pages = 40
const code = limitMemory(await readFile(BUILT_PLUGIN), pages)

test('counts events as dropped when the host gives no more memory, and goes on', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 10, enable_compression: true }, {}, code)
  scene.collector.answerAlways({ status: 503 })

  scene.request(3000, { body: JSON.stringify('x'.repeat(1500)) })
  scene.advance(20_000)
  expect(scene.emulator.memoryPages).toBeLessThanOrEqual(pages)
  const { pending, dropped } = scene.ledger()
  expect(dropped).toEqual({ memory: 3000 - pending })
  expect(pending).toBeGreaterThan(500)

  scene.collector.answerAlways({ status: 201 })
  scene.advance(60_000)
  scene.request(100)
  scene.advance(3000)

  expect(scene.ledger()).toMatchObject({ sent: pending + 100, pending: 0, dropped })
})

test('keeps the events it has when there is no memory to halve a batch or to compose the final flush', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 10 }, {}, code)
  scene.collector.answerAlways({ status: 503 })
  scene.request(3000, { body: JSON.stringify('x'.repeat(1500)) })
  scene.collector.answerNext({ status: 413 })
  scene.advance(20_000)

  scene.emulator.shutDown()

  expect(scene.ledger()).toMatchObject({ captured: 3000, pending: 0 })
})

test('gives back the compressed form of each batch that it halves', async () => {
  const scene = await DeliveryScene.open({ batch_max_size: 8, enable_compression: true }, {}, code)
  scene.collector.answerAlways((call) => ({ status: eventsOf(call).length > 1 ? 413 : 201 }))

  // Of each eight events some 40 KB are compressed for nothing: four times what there is.
  const rounds = 250
  for (let round = 0; round < rounds; round++) {
    scene.request(8, { body: JSON.stringify(randomBytes(1500).toString('base64')) })
    scene.advance(1000)
  }

  expect(scene.ledger()).toMatchObject({ sent: rounds * 8, pending: 0, dropped: NOTHING })
})
