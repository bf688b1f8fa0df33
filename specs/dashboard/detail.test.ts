import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { exchange, exchanges } from './exchange.ts'
import { expectCount, expectText, openScene, type Scene } from './scene.ts'

const side = (scene: Scene, name: 'Request' | 'Response') =>
  scene.detail.getByRole('region', { name })

async function opened(scene: Scene, text: string): Promise<void> {
  await scene.row(text).first().click()
  await scene.detail.getByRole('heading', { name: /^Event \d+$/ }).waitFor()
}

test('shows request and response in full, side by side', async () => {
  const event = exchange({
    verb: 'POST',
    uri: 'https://api.example.com/orders?page=2&sort=up%20down',
    status: 201,
    user: 'ada',
    requestHeaders: { 'x-request-id': 'r-17', accept: '*/*' },
    requestBody: { sku: 'A-1', address: { city: 'Zürich' } },
    responseBody: { id: 8412 },
    more: { metadata: { route: 'orders' } },
  })
  await using scene = await openScene({ before: (it) => it.post([event]) })
  await opened(scene, '/orders')

  const request = side(scene, 'Request')
  for (const text of [
    'page',
    '2',
    'up down',
    'x-request-id',
    'r-17',
    '203.0.113.7',
    '"A-1"',
    '"Zürich"',
  ])
    await request.getByText(text, { exact: true }).first().waitFor()
  await expectText(side(scene, 'Response'), /201.*content-type.*application\/json.*8412/s)
  await expectText(scene.detail, /transaction_id.*user_id.*ada.*metadata/s)
  const [left, right] = await Promise.all([
    request.boundingBox(),
    side(scene, 'Response').boundingBox(),
  ])
  expect(right?.x).toBeGreaterThan(left?.x ?? 0)
  expect(right?.y).toBe(left?.y)
})

test('finds among headers', async () => {
  const requestHeaders = {
    accept: '*/*',
    host: 'a',
    'user-agent': 'curl/8',
    'x-tenant': 'blue',
    via: 'b',
  }
  await using scene = await openScene({ before: (it) => it.post([exchange({ requestHeaders })]) })
  await opened(scene, '/orders')

  await scene.page.getByRole('searchbox', { name: 'Find in request headers' }).fill('blue')

  await expectText(side(scene, 'Request').locator('.headers'), '1 of 5')
  await expectCount(side(scene, 'Request').locator('.headers dt'), 1)
  await expectText(side(scene, 'Request').locator('.headers dt'), 'x-tenant')
})

test('shows a base64 body as text, hex and base64', async () => {
  const requestBody = Buffer.from('a=1&b=ü\n').toString('base64')
  await using scene = await openScene({
    before: (it) => it.post([exchange({ verb: 'POST', requestBody, encoding: 'base64' })]),
  })
  await opened(scene, '/orders')
  const request = side(scene, 'Request')

  await expectText(request.locator('pre'), 'a=1&b=ü')
  await request.getByRole('radio', { name: 'Hex' }).click()
  await expectText(request.locator('pre'), '000000  61 3d 31 26 62 3d c3 bc 0a')
  await scene.page.keyboard.press('ArrowRight')
  await expectText(request.locator('pre'), requestBody)
})

test('shows an image as one', async () => {
  const png =
    'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC'
  await using scene = await openScene({
    before: (it) => it.post([exchange({ responseBody: png, encoding: 'base64' })]),
  })
  await opened(scene, '/orders')

  await side(scene, 'Response').getByRole('img', { name: 'Captured image 10 × 10' }).waitFor()
})

test('inflates a compressed body', async () => {
  const responseBody = gzipSync(JSON.stringify({ hidden: 'treasure' })).toString('base64')
  const responseHeaders = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
  await using scene = await openScene({
    before: (it) => it.post([exchange({ responseBody, responseHeaders, encoding: 'base64' })]),
  })
  await opened(scene, '/orders')

  await scene.button('Inflate gzip').click()

  await expectText(side(scene, 'Response').locator('.body'), '"treasure"')
})

test('says beside each field what is wrong with it', async () => {
  await using scene = await openScene()
  await scene.post([
    {
      request: { time: 'yesterday', verb: 'GET', uri: '/only-a-path', headers: {} },
      response: { time: new Date().toISOString(), status: 200, headers: {} },
    },
    exchange({ uri: '/relative' }),
  ])
  await opened(scene, '/only-a-path')

  await expectText(
    scene.detail.getByRole('list', { name: 'Remarks on this event' }),
    '/request/time',
  )
  await expectText(side(scene, 'Request').locator('[data-pointer="/request/time"]'), /ISO-8601/)
  await opened(scene, '/relative')
  await expectText(side(scene, 'Request').locator('[data-pointer="/request/uri"]'), /full URI/)
})

test('copies as curl, as JSON and as an assertion', async () => {
  const event = exchange({
    verb: 'POST',
    uri: "https://api.example.com/it's",
    user: 'ada',
    status: 201,
    requestHeaders: { 'content-type': 'application/json', 'content-length': '9' },
    requestBody: { a: "b'c" },
  })
  await using scene = await openScene({
    context: { permissions: ['clipboard-read', 'clipboard-write'] },
    before: (it) => it.post([event]),
  })
  await opened(scene, "/it's")
  const copied = () => scene.page.evaluate(() => navigator.clipboard.readText())

  await scene.button('Copy curl').click()
  await expect
    .poll(copied)
    .toBe(
      [
        "curl -X POST 'https://api.example.com/it'\\''s'",
        "-H 'content-type: application/json'",
        `--data-raw '{"a":"b'\\''c"}'`,
      ].join(' \\\n  '),
    )
  await scene.button('Copy JSON').click()
  await expect.poll(async () => JSON.parse(await copied()) as unknown).toEqual(event)
  await scene.button('Copy assertion').click()
  await expect.poll(copied).toContain("mock.application('shop').awaitEvents({ count: 1, where: '")
  const where = /where: '(.*)' }/.exec(await copied())?.[1]?.replaceAll("\\'", "'") ?? ''
  await scene.mock.application('shop').awaitEvents({ count: 1, where, exactly: true })
})

test('steps to the events of the same user and of the same batch', async () => {
  await using scene = await openScene({
    before: async (it) => {
      await it.post([
        exchange({ user: 'ada', uri: 'https://x.test/a1' }),
        exchange({ user: 'bob', uri: 'https://x.test/b1' }),
      ])
      await it.post([
        exchange({ user: 'cy', uri: 'https://x.test/c1' }),
        exchange({ user: 'ada', uri: 'https://x.test/a2' }),
      ])
    },
  })
  await opened(scene, '/a2')

  await scene.button('Earlier event of the same user').click()
  await expectText(scene.detail.locator('.uri-whole'), '/a1')
  await scene.page.keyboard.press('}')
  await expectText(scene.detail.locator('.uri-whole'), '/b1')
  await scene.page.keyboard.press('{')
  await expectText(scene.detail.locator('.uri-whole'), '/a1')
  await scene.page.keyboard.press(']')
  await expectText(scene.detail.locator('.uri-whole'), '/a2')
  await scene.page.keyboard.press(']')
  await expectText(scene.page.locator('.toast'), 'No later event of the same user')
})

test('compares two events', async () => {
  await using scene = await openScene({
    before: (it) =>
      it.post([
        exchange({ uri: 'https://x.test/one', user: 'ada', requestBody: { n: 1, same: true } }),
        exchange({ uri: 'https://x.test/two', requestBody: { n: 2, same: true } }),
      ]),
  })
  await opened(scene, '/one')
  await scene.button('Compare…').click()
  await opened(scene, '/two')
  await scene.button('Compare with 1').click()

  const table = scene.detail.getByRole('table')
  await expectText(table.getByRole('row', { name: /^\/request\/body\/n/ }), '12')
  await expectText(table.getByRole('row', { name: /^\/user_id/ }), 'adaabsent')
  await expectCount(table.getByText('same'), 0)
  await scene.page.keyboard.press('Escape')
  await side(scene, 'Request').waitFor()
})

test('opens an event that the list has not loaded', async () => {
  await using scene = await openScene({
    before: async (it) => {
      for (let batch = 0; batch < 3; batch++) await it.post(exchanges(500, () => ({})))
      await it.post([exchange({ uri: 'https://x.test/newest' })])
    },
    address: '?event=1',
  })

  await scene.detail.getByRole('heading', { name: 'Event 1', exact: true }).waitFor()
  await scene.page.goto(`${scene.mock.url}/?event=99999`)
  await expectText(scene.detail, /99999 is not here/)
})
