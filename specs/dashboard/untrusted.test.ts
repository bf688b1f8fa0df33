import { expect, test } from 'vitest'
import { exchange } from './exchange.ts'
import { openScene } from './scene.ts'

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

test('a strict Content-Security-Policy is served, and written into the page', async () => {
  await using scene = await openScene()

  const response = await fetch(scene.mock.url)
  const served = response.headers.get('content-security-policy') ?? ''
  const written = await scene.page
    .locator('meta[http-equiv="Content-Security-Policy"]')
    .getAttribute('content')

  for (const policy of [served, written ?? '']) {
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).not.toContain('unsafe')
  }
  expect(scene.errors).toEqual([])
})
