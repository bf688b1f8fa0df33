import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { startMockMoesif, type StartedMockMoesif } from '#mock-moesif/index.ts'
import { startEcho, type Echo } from '#sandbox/echo/echo.ts'
import { DeliveryGateway } from '#specs/support/delivery-gateway.ts'
import { changes, UPDATABLE, updateUnderLoad } from '#specs/support/delivery-updates.ts'
import { OtherBuild } from '#specs/support/other-build.ts'

const perSecond = 100
const runtime = inject('envoyRuntime')
let otherBuild: OtherBuild
let echo: Echo
let mock: StartedMockMoesif
let gateway: DeliveryGateway
let load: ReturnType<DeliveryGateway['load']>

beforeAll(async () => {
  otherBuild = await OtherBuild.make()
  echo = await startEcho({ host: runtime.bindHost })
  mock = await startMockMoesif({ host: runtime.bindHost })
  gateway = await DeliveryGateway.start({
    runtime,
    mock,
    upstream: echo.url,
    envoy: UPDATABLE,
  })
  load = gateway.load(perSecond)
})

afterAll(async () => {
  await gateway?.[Symbol.asyncDispose]()
  await mock?.[Symbol.asyncDispose]()
  await echo?.[Symbol.asyncDispose]()
  await otherBuild?.[Symbol.asyncDispose]()
})

// In this order: each change comes on top of those before, and the listener goes last.
describe('updates', { shuffle: false }, () => {
  for (const [what, change] of Object.entries(changes)) {
    test(`${change.keepsVm ? 'loses' : 'drops'} nothing when ${what} changes under load`, async () => {
      await updateUnderLoad(gateway, change, { n: 0, otherBuild: otherBuild.file, perSecond })
    })
  }

  test('accounts for every request after all changes', async () => {
    await load.stop()

    const { captured, unconfirmed, dropped } = await gateway.settle()

    expect(dropped).toEqual({})
    await gateway.waitForReceived(captured - unconfirmed)
    expect(await gateway.received()).toBeLessThanOrEqual(captured)
  })

  test('loses nothing when the listener is removed', async () => {
    const before = await gateway.received()
    await gateway.send(45)

    // With the last root context its metrics are removed: only the collector can be asked.
    await gateway.envoy.updateListener({ listeners: [] })

    await gateway.waitForReceived(before + 45)
    gateway.expectNoCrash()
  })
})
