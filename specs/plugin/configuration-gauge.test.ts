import { expect, test } from 'vitest'
import { DeliveryScene } from '#specs/support/delivery-scene.ts'

const gauge = 'moesif_configuration_invalid'
const refused = { moesif_application_id: 5 }

/** Requests for a while, as an Envoy in use has. */
function use(scene: DeliveryScene, plugin: ReturnType<DeliveryScene['configure']>, seconds = 6) {
  for (let second = 0; second < seconds; second++) {
    scene.request(1, { plugin })
    scene.advance(1000)
  }
}

test('is 0 again when Envoy takes up a root of before, without configuring it', async () => {
  const scene = await DeliveryScene.open(null)
  const a = scene.configure({})
  use(scene, a, 1)

  scene.configure(refused)
  expect(scene.metric(gauge)).toBe(1)
  use(scene, a)

  expect(scene.metric(gauge)).toBe(0)
})

test('is 1 at once when Envoy takes up a refused configuration again', async () => {
  const scene = await DeliveryScene.open(null)
  const b = scene.configure(refused)
  const c = scene.configure({})
  use(scene, c, 1)
  expect(scene.metric(gauge)).toBe(0)

  scene.request(1, { plugin: b })

  expect(scene.metric(gauge)).toBe(1)
})

test('stays 1 while a refused configuration has streams beside others', async () => {
  const scene = await DeliveryScene.open(null)
  const a = scene.configure({})
  const b = scene.configure(refused)

  for (let i = 0; i < 20; i++) {
    scene.request(1, { plugin: a })
    scene.request(1, { plugin: b })
    scene.advance(1000)
    expect(scene.metric(gauge)).toBe(1)
  }
})

test('is 0 when the refused configuration is over, and others are left', async () => {
  const scene = await DeliveryScene.open(null)
  scene.configure({})
  const b = scene.configure(refused)

  b.remove()

  expect(scene.metric(gauge)).toBe(0)
})

test('stays 1 while what was configured last is refused, and nothing else is used', async () => {
  const scene = await DeliveryScene.open(null)
  scene.configure({})
  scene.configure(refused)

  scene.advance(60_000)

  expect(scene.metric(gauge)).toBe(1)
})

test('stays 1 when one of two refused configurations is over, and nothing else is used', async () => {
  const scene = await DeliveryScene.open(null)
  scene.configure({})
  scene.advance(1000)
  scene.configure(refused)
  scene.advance(6000)

  scene.configure({ moesif_application_id: 6 }).remove()

  expect(scene.metric(gauge)).toBe(1)
})
