import { expect, test } from 'vitest'
import { gatewaySpec, healthy, startAdmin } from './admin.ts'
import { exchange } from './exchange.ts'
import { expectText, openScene, type Scene } from './scene.ts'
import { startGateway, urlOf } from './stand-in-gateway.ts'

test('sends a request again with another header, and shows both events and what differs', async () => {
  let scene: Scene | undefined
  await using admin = await startAdmin(healthy)
  await using gateway = await startGateway(() => scene?.mock.url ?? '')
  await using opened = await openScene({
    mock: { gateway: { ...gatewaySpec(admin.url), listenerUrl: urlOf(gateway) } },
    before: (it) =>
      it.post([
        exchange({
          verb: 'POST',
          uri: 'http://api.example.com/a/../b?x=[1]',
          status: 404,
          requestHeaders: { 'x-tenant': 'red', 'content-type': 'application/json' },
          requestBody: Buffer.from('{ "n": 1.0 }').toString('base64'),
          encoding: 'base64',
        }),
      ]),
  })
  scene = opened
  await scene.row('/b').click()
  await scene.button('Send again…').click()
  const form = scene.page.getByRole('form', { name: 'Send again' })

  await expect.poll(() => form.getByLabel('Method').inputValue()).toBe('POST')
  await expect.poll(() => form.getByLabel('Path').inputValue()).toBe('/a/../b?x=[1]')
  await expect.poll(() => form.getByLabel('Body').inputValue()).toBe('{ "n": 1.0 }')
  const headers = form.getByLabel('Headers')
  await headers.fill((await headers.inputValue()).replace('x-tenant: red', 'x-tenant: blue'))
  await form.getByRole('button', { name: 'Send' }).click()

  const table = scene.detail.getByRole('table').first()
  await table.waitFor()
  expect(await scene.detail.evaluate((it) => it === document.activeElement)).toBe(true)
  await expectText(table.getByRole('row', { name: /x-tenant/ }), 'redblue')
  await expectText(table.getByRole('row', { name: /response\/status/ }), '404201')
  expect(await table.textContent()).not.toMatch(/time|transaction_id|x-mock-moesif-send|\/uri/)
  expect(await scene.page.locator('.detail-title').textContent()).toContain('Event 2')
  const sent = await scene.mock.event(2)
  expect(sent.event).toMatchObject({
    request: {
      uri: 'http://api.example.com/a/../b?x=[1]',
      body: Buffer.from('{ "n": 1.0 }').toString('base64'),
    },
  })
})

test('says what can not be sent, that nobody answered, and that no gateway is known', async () => {
  await using admin = await startAdmin(healthy)
  await using scene = await openScene({
    mock: { gateway: { ...gatewaySpec(admin.url), listenerUrl: 'http://127.0.0.1:9' } },
    before: (it) => it.post([exchange({ uri: 'https://x.test/?token=*****' })]),
    address: '?event=1',
  })
  await scene.detail.getByRole('heading', { name: 'Event 1' }).waitFor()
  await scene.page.keyboard.press('s')
  const form = scene.page.getByRole('form', { name: 'Send again' })
  await scene.page.locator(':focus').and(form.getByLabel('Method')).waitFor()
  await expectText(form.locator('.remark'), 'Masked values are sent as *****.')
  await form.getByLabel('Headers').fill('no header')
  await form.getByRole('button', { name: 'Send' }).click()
  await expectText(form.getByRole('status'), '"no header" is not a header')
  await form.getByLabel('Headers').fill('')
  await form.getByRole('button', { name: 'Send' }).click()
  await expectText(form.getByRole('status'), /gateway at http:\/\/127\.0\.0\.1:9 did not answer/)

  await using lonely = await openScene({
    before: (it) => it.post([exchange()]),
    address: '?event=1',
  })
  await lonely.button('Send again…').click()
  await lonely.page.getByText('No gateway is configured').waitFor()
})
