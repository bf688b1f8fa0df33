import { expect, test } from 'vitest'
import { gatewaySpec, healthy, startAdmin } from './admin.ts'
import { expectText, openScene } from './scene.ts'

test('shows Envoy, the options and the counters as one sum', async () => {
  await using admin = await startAdmin(healthy)
  await using scene = await openScene({
    mock: { gateway: gatewaySpec(admin.url) },
    address: '?view=gateway',
  })
  const page = scene.page.getByRole('main', { name: 'Gateway' })
  const sum = page.getByRole('region', { name: 'Where the captured events are' })

  await expectText(sum, /1.204captured=1.100sent\+0unconfirmed\+20dropped\+0sampled out\+84pending/)
  await expectText(sum, 'Every captured event is accounted for.')
  await expectText(sum.getByRole('list', { name: 'Dropped, by reason' }), '20 rejected')
  await expectText(
    page,
    /1\.40\.0.*http:\/\/localhost:10000.*batch_max_size50.*batches_retried_total3/,
  )
  expect(await page.textContent()).not.toContain('secret-id')
  await expect
    .poll(() => page.getByRole('link', { name: admin.url }).getAttribute('href'))
    .toBe(admin.url)
})

test('follows the counters, and says when they do not add up', async () => {
  await using admin = await startAdmin(healthy)
  await using scene = await openScene({
    mock: { gateway: gatewaySpec(admin.url) },
    address: '?view=gateway',
  })
  await expectText(scene.page.locator('.sum'), /1.204captured/)

  admin.counters = { ...healthy, moesif_events_captured_total: 1210 }

  await expectText(scene.page.locator('.sum'), /1.210captured.*6 not yet accounted for/)
})

test('draws the counters over time, and shows the log that the sandbox passes on', async () => {
  // Read before the page is opened, and gone by then.
  await using admin = await startAdmin({ ...healthy, moesif_events_pending: 321 })
  await using scene = await openScene({
    mock: { gateway: gatewaySpec(admin.url) },
    address: '?view=gateway',
    before: async ({ mock }) => {
      await expect.poll(async () => (await mock.gatewayHistory()).length).toBeGreaterThan(0)
      admin.counters = healthy
    },
  })
  await scene.mock.addToGatewayLog([
    '[info][main] starting main dispatch loop',
    '[error][wasm] wasm log: moesif: the collector answered 401',
  ])
  const log = scene.page.getByRole('log')
  await expectText(log, /^\[error\]\[wasm\] wasm log: moesif: the collector answered 401$/)
  await scene.button('Envoy').click()
  await expectText(log, /starting main dispatch loop.*answered 401/)
  await scene.mock.addToGatewayLog(['[warning][config] a later line'])
  await expectText(log, /answered 401.*a later line/)

  const curve = (name: RegExp) => scene.page.getByRole('figure', { name })
  await curve(/^pending, at most 321$/).waitFor()
  admin.counters = { ...healthy, moesif_events_captured_total: 1304, moesif_events_pending: 484 }
  await curve(/^pending, at most 484$/).waitFor()
  await curve(/^captured, at most [1-9]\d*(\.\d)?\/s$/).waitFor()
  await curve(/^dropped, at most 0\/s$/).waitFor()
})

test('says on every view that capturing is off', async () => {
  await using admin = await startAdmin({ ...healthy, moesif_configuration_invalid: 1 })
  await using scene = await openScene({ mock: { gateway: gatewaySpec(admin.url) } })

  await scene.page.getByText('Capturing is off:').waitFor()
  await scene.link('See the gateway').click()

  await expectText(
    scene.page.getByRole('alert'),
    /Capturing is off: the plugin refused its options/,
  )
})

test('says when Envoy does not answer', async () => {
  const admin = await startAdmin(healthy)
  await using scene = await openScene({
    mock: { gateway: gatewaySpec(admin.url) },
    address: '?view=gateway',
  })
  await expectText(scene.page.locator('.sum'), /1.204captured/)

  await admin[Symbol.asyncDispose]()

  await expectText(scene.page.getByRole('alert'), /Envoy’s admin does not answer/)
})

test('without a gateway it says how to get one', async () => {
  await using scene = await openScene({ address: '?view=gateway' })

  await scene.page.getByText('No gateway is configured').waitFor()
  await scene.page.getByText('npm start').waitFor()
})

test('with a gateway the empty list offers a request through it', async () => {
  await using admin = await startAdmin(healthy)
  await using scene = await openScene({ mock: { gateway: gatewaySpec(admin.url) } })

  await scene.page.getByText('curl http://localhost:10000/hello').waitFor()
})

test('makes no sum of what is not known while Envoy is dead', async () => {
  await using scene = await openScene({
    mock: { gateway: { ...gatewaySpec('http://127.0.0.1:9'), options: {} } },
    address: '?view=gateway',
  })
  const page = scene.page.getByRole('main', { name: 'Gateway' })

  await expectText(page.getByRole('alert'), 'what the plugin counted is not known')
  expect(await page.textContent()).not.toMatch(/accounted for|captured=|No counter|defaults/)
})
