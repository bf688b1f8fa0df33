import { expect, test } from 'vitest'
import { exchange } from './exchange.ts'
import { expectCount, expectText, sharedScene } from './scene.ts'

const fresh = sharedScene()

test('a fault is switched on with one press, shown on every view, and switched off', async () => {
  const scene = await fresh({ address: '?view=faults' })
  await scene.page.getByText('None: the collector answers as Moesif does.').waitFor()

  await scene.button(/^Outage/).click()
  await expectText(scene.page.getByRole('table'), /answer 503.*every path/)
  expect(await scene.post([exchange()])).toBe(503)
  await expectText(scene.page.locator('.table td.mono.numeric').first(), '1')

  await scene.view('Events')
  await expectText(scene.page.locator('.banner'), '1 fault active: answer 503')
  await scene.button('Switch off').click()
  await expectCount(scene.page.locator('.banner'), 0)
  expect(await scene.post([exchange()])).toBe(201)
})

test('a fault of one’s own says what it does', async () => {
  const scene = await fresh({ address: '?view=faults' })
  await scene.page.getByLabel('Status').fill('429')
  await scene.page.getByLabel('Retry-After').fill('7')
  await scene.page.getByLabel('Path').fill('/v1/events/*')
  await scene.page.getByLabel('Application id').fill('shop')
  await scene.page.getByLabel('Only the next').fill('1')
  await scene.button('Switch on').click()

  await expectText(
    scene.page.getByRole('table'),
    /answer 429, Retry-After 7.*\/v1\/events\/\* · of shop · 1 more/,
  )
  const refused = await fetch(`${scene.mock.url}/v1/events/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-moesif-application-id': 'shop' },
    body: JSON.stringify([exchange()]),
  })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7'])
  await scene.page.getByText('None: the collector answers as Moesif does.').waitFor()
})

test('a fault that does nothing is not switched on', async () => {
  const scene = await fresh({ address: '?view=faults' })
  await scene.button('Switch on').click()

  await expectText(scene.page.locator('.toast'), 'Say what the fault does')
  expect(await scene.mock.application('shop').faults.list()).toEqual([])
})

test('faults that others switch on appear by themselves', async () => {
  const scene = await fresh()
  await scene.mock.application('shop').faults.add({ delayMs: [10, 20] })

  await expectText(scene.page.locator('.banner'), 'wait 10 ms to 20 ms')
})

test('what is counted in batches is not used up by a gateway that reads its rules', async () => {
  const scene = await fresh({ address: '?view=faults' })
  await scene.button(/^Too large/).click()
  await expectText(scene.page.getByRole('table'), 'answer 413')

  const headers = { 'x-moesif-application-id': 'shop' }
  expect((await fetch(`${scene.mock.url}/v1/rules`, { headers })).status).toBe(200)
  expect(await scene.post([exchange()])).toBe(413)
})
