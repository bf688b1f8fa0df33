import type { Locator } from 'playwright'
import { expect, test } from 'vitest'
import { exchange } from './exchange.ts'
import { expectText, openScene } from './scene.ts'

const heightOf = async (place: Locator) => (await place.boundingBox())?.height ?? Infinity

const script = (place: string) =>
  `<img src=x onerror="window.ran='${place}'"><script>window.ran='${place}'</script>`

test('what was captured is shown as text, wherever it stands', async () => {
  await using scene = await openScene()
  const said: string[] = []
  scene.page.on('dialog', (dialog) => {
    said.push(dialog.message())
    void dialog.dismiss()
  })
  const event = exchange({
    verb: script('verb'),
    uri: `javascript:window.ran='uri'//${script('uri')}?q=${script('query')}`,
    user: script('user'),
    company: script('company'),
    requestHeaders: { [script('header-name')]: script('header') },
    requestBody: script('body'),
    responseBody: { [script('key')]: script('value') },
    more: { metadata: { [script('metadata-key')]: script('metadata') } },
  })

  await scene.post([event], script('application').replaceAll(/[^\x20-\x7e]/g, ''))
  await scene.row('<img src=x').first().click()
  for (const place of [
    'user',
    'company',
    'header-name',
    'header',
    'body',
    'key',
    'value',
    'metadata',
    'query',
  ])
    await scene.detail.getByText(`window.ran='${place}'`).first().waitFor()
  await scene.query.fill('user:')
  await scene.page.getByRole('option').first().waitFor()
  await scene.page.keyboard.press('Escape')
  for (const view of ['Batches', 'Documents', 'Events']) await scene.view(view)

  expect(said).toEqual([])
  expect(await scene.page.evaluate(() => 'ran' in window)).toBe(false)
  expect(await scene.page.locator('#app script, #app img').count()).toBe(0)
  expect(scene.errors.filter((error) => /Content.Security/i.test(error))).toEqual([])
})

test('what does not show, or is too long to be shown, is marked and one press away', async () => {
  await using scene = await openScene({
    before: (it) =>
      it.post([
        exchange({ user: '   ', company: 'ada ' }),
        exchange({
          user: 'u'.repeat(5000),
          company: 'c'.repeat(5000),
          uri: `https://${'h'.repeat(300)}.test/${'p'.repeat(5000)}`,
          verb: 'V'.repeat(5000),
          requestHeaders: { 'x-long': 'v'.repeat(5000) },
          more: { metadata: { long: 'm'.repeat(5000) } },
        }),
      ]),
  })
  await expectText(scene.row('ada'), /␣␣␣ada␣/)
  await scene.row('hhh').click()
  const header = scene.detail.locator('.headers').first()
  await header.getByRole('button', { name: 'All 5 000 characters' }).waitFor()
  expect(await heightOf(scene.detail.locator('.detail-head'))).toBeLessThan(200)
  expect(await heightOf(header)).toBeLessThan(200)
  await header.getByRole('button', { name: 'All 5 000 characters' }).click()
  await expect.poll(() => heightOf(header)).toBeGreaterThan(400)

  await scene.page.getByRole('link', { name: 'uuu' }).click()
  const person = scene.page.getByRole('main')
  await expectText(person, /All 5.000 characters/)
  expect(await heightOf(person.getByRole('heading').first())).toBeLessThan(150)
  await scene.link('‹ All users').click()
  await expectText(scene.page.getByRole('table'), '␣␣␣')
  expect(await heightOf(scene.page.getByRole('table'))).toBeLessThan(150)
})

test('an image body that is markup is not drawn', async () => {
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" onload="window.ran=1"/>',
  ).toString('base64')
  const responseHeaders = { 'content-type': 'image/svg+xml' }
  await using scene = await openScene({
    before: (it) => it.post([exchange({ responseBody: svg, responseHeaders, encoding: 'base64' })]),
  })
  await scene.row('/orders').click()

  await scene.detail.getByText('<svg xmlns').waitFor()
  expect(await scene.detail.locator('img, svg').count()).toBe(0)
})

test('the page is served with a strict Content-Security-Policy, and keeps to it', async () => {
  await using scene = await openScene()

  const response = await fetch(scene.mock.url)
  const policy = response.headers.get('content-security-policy') ?? ''

  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self'")
  expect(policy).not.toContain('unsafe')
  expect(scene.errors).toEqual([])
})
