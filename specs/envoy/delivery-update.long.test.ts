import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { startMockMoesif, type StartedMockMoesif } from '#mock-moesif/index.ts'
import { startEcho, type Echo } from '#sandbox/echo/echo.ts'
import { DeliveryGateway } from '#specs/support/delivery-gateway.ts'
import { changes, UPDATABLE, updateUnderLoad } from '#specs/support/delivery-updates.ts'
import { OtherBuild } from '#specs/support/other-build.ts'

const times = 10
const perSecond = 200
const runtime = inject('envoyRuntime')
let otherBuild: OtherBuild
let echo: Echo
let mock: StartedMockMoesif

beforeAll(async () => {
  otherBuild = await OtherBuild.make()
  echo = await startEcho({ host: runtime.bindHost })
  mock = await startMockMoesif({ host: runtime.bindHost })
})

afterAll(async () => {
  await mock?.[Symbol.asyncDispose]()
  await echo?.[Symbol.asyncDispose]()
  await otherBuild?.[Symbol.asyncDispose]()
})

for (const [what, change] of Object.entries(changes)) {
  test(`accounts for every event when ${what} changes ten times under load`, async () => {
    await using gateway = await DeliveryGateway.start({
      runtime,
      mock,
      upstream: echo.url,
      envoy: UPDATABLE,
    })
    const load = gateway.load(perSecond)

    for (let n = 0; n < times; n++) {
      await updateUnderLoad(gateway, change, { n, otherBuild: otherBuild.file, perSecond })
    }
    await load.stop()

    const { captured, unconfirmed, dropped } = await gateway.settle()
    expect(dropped).toEqual({})
    await gateway.waitForReceived(captured - unconfirmed)
    gateway.expectNoCrash()
  })
}
