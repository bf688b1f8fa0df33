import { expect, test } from 'vitest'
import { exchange, exchanges } from './exchange.ts'
import { opened, side } from './event-detail.ts'
import { expectCount, expectText, openScene, sharedScene } from './scene.ts'

const fresh = sharedScene()

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
  const scene = await fresh({ before: (it) => it.post([event]) })
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
  const scene = await fresh({ before: (it) => it.post([exchange({ requestHeaders })]) })
  await opened(scene, '/orders')

  await scene.page.getByRole('searchbox', { name: 'Find in request headers' }).fill('blue')

  await expectText(side(scene, 'Request').locator('.headers'), '1 of 5')
  await expectCount(side(scene, 'Request').locator('.headers dt'), 1)
  await expectText(side(scene, 'Request').locator('.headers dt'), 'x-tenant')
})

test('shows what stands where something else should', async () => {
  await using scene = await openScene()
  await scene.post([
    {
      request: { time: '2026-01-01', verb: 7, uri: null, headers: ['a'], body: '' },
      response: { time: 'x', status: '200', headers: {}, body: null, transfer_encoding: 'json' },
      user_id: 5,
    },
  ])
  await scene.open('?event=1')

  await expectText(side(scene, 'Response'), /status"?200/)
  await expectText(side(scene, 'Request'), /verb7.*The body is empty/s)
  await expectText(side(scene, 'Request'), /uri.*null/)
  await expectText(side(scene, 'Response').locator('.body'), 'null')
  expect(await scene.page.getByText('none', { exact: true }).count()).toBe(0)
})

test('shows characters that do not show, and keeps the direction of text to itself', async () => {
  const user = 'abc\u202etxt.exe\u0007'
  const scene = await fresh({
    before: (it) => it.post([exchange({ user, requestHeaders: { 'x-\u200b': '\u2066rtl' } })]),
  })
  await expectText(scene.row().first(), 'abcU+202Etxt.exeU+0007')
  await opened(scene, '/orders')

  await expectText(scene.detail, /user_idabcU\+202Etxt\.exeU\+0007/)
  await expectText(side(scene, 'Request'), 'x-U+200BU+2066rtl')
})

const ofPlan = (plan: string, tier: number) =>
  exchange({
    uri: `https://x.test/${plan}${tier}`,
    requestHeaders: { 'x-plan': plan },
    responseBody: { account: { tier } },
  })

test('a value that is pressed filters, or excludes', async () => {
  const scene = await fresh({
    before: (it) => it.post([ofPlan('gold', 1), ofPlan('silver', 1), ofPlan('silver', 2)]),
  })
  await opened(scene, '/gold1')
  await side(scene, 'Request').getByRole('button', { name: 'gold', exact: true }).click()
  await scene.page.getByRole('menuitem', { name: 'No events with this' }).click()
  await expectCount(scene.row(), 2)
  await expect.poll(() => scene.query.inputValue()).toBe('-request.header.x-plan:gold')

  await opened(scene, '/silver2')
  await side(scene, 'Response').getByRole('button', { name: '2', exact: true }).focus()
  await scene.page.keyboard.press('Enter')
  await scene.page.keyboard.press('Enter')
  await expectCount(scene.row(), 1)
  await expect.poll(() => scene.query.inputValue()).toContain('event.response.body.account.tier:2')
})

test('prints an event whole, what is folded included, and nothing else', async () => {
  await using scene = await openScene({
    context: {},
    before: (it) =>
      it.post([
        exchange({
          requestBody: { a: { b: { c: { d: 'folded' } } } },
          responseBody: Object.fromEntries([...Array(80).keys()].map((n) => [n, n])),
        }),
      ]),
  })
  await opened(scene, '/orders')
  await side(scene, 'Response').getByText('79: ').waitFor()

  await scene.page.emulateMedia({ media: 'print' })

  const box = await scene.detail.boundingBox()
  const last = await side(scene, 'Response').getByText('79: ').boundingBox()
  expect((last?.y ?? Infinity) + (last?.height ?? 0)).toBeLessThanOrEqual(
    (box?.y ?? 0) + (box?.height ?? 0),
  )
  expect(box?.height).toBeGreaterThan(1500)
  for (const hidden of [scene.list, scene.query, scene.button('Copy curl')])
    expect(await hidden.isVisible()).toBe(false)
  expect(await side(scene, 'Request').getByText('folded').count()).toBe(0)
  const pages = await scene.page.pdf({ format: 'A4' })
  expect((pages.toString('latin1').match(/\/Type \/Page\b/g) ?? []).length).toBeGreaterThan(1)
  await expectText(side(scene, 'Request'), 'd: "folded"')
})

test('says beside each field what is wrong with it', async () => {
  const scene = await fresh()
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

const withSeats = (seats: unknown) => exchange({ more: { metadata: { plan: { seats } } } })

test('says beside a member that its type is another than in earlier events', async () => {
  const events = [withSeats(1), withSeats('many')]
  const scene = await fresh({ before: (it) => it.post(events, 'drifting') })
  await expectText(scene.row().first(), '!')
  await scene.row().first().click()

  const remarks = scene.detail.getByRole('list', { name: 'Remarks on this event' })
  await expectText(remarks, /metadata\/plan\/seats.*seats is text, and was a number/)
  await expectText(
    scene.detail.locator('[data-pointer="/metadata/plan/seats"]'),
    'seats is text, and was a number in earlier events',
  )
})

test('copies the event as JSON', async () => {
  const event = exchange({ verb: 'POST', user: 'ada', requestBody: { a: "b'c" } })
  await using scene = await openScene({
    context: { permissions: ['clipboard-read', 'clipboard-write'] },
    before: (it) => it.post([event]),
  })
  await opened(scene, '/orders')

  await scene.button('Copy ▾').click()
  await scene.button('Copy JSON').click()
  const copied = () => scene.page.evaluate(() => navigator.clipboard.readText())
  await expect.poll(async () => JSON.parse(await copied()) as unknown).toEqual(event)
})

test('steps to the events of the same user and of the same batch', async () => {
  const scene = await fresh({
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
  const scene = await fresh({
    before: (it) =>
      it.post([
        exchange({ uri: 'https://x.test/one', user: 'ada', requestBody: { n: 1, same: true } }),
        exchange({ uri: 'https://x.test/two', requestBody: { n: 2, same: true } }),
      ]),
  })
  await opened(scene, '/one')
  await scene.button('Compare…').click()
  await opened(scene, '/two')
  await scene.button(/^Compare with \d/).click()

  const table = scene.detail.getByRole('table')
  await expectText(table.getByRole('row', { name: /^\/request\/body\/n/ }), '12')
  await expectText(table.getByRole('row', { name: /^\/user_id/ }), 'adaabsent')
  await expectCount(table.getByText('same'), 0)
  await scene.page.keyboard.press('Escape')
  await side(scene, 'Request').waitFor()
})

test('compares the text of bodies in base64', async () => {
  const scene = await fresh({
    before: (it) =>
      it.post(
        ['<a>one</a>', '<a>two</a>'].map((text) =>
          exchange({
            uri: `https://x.test/${text.length}`,
            requestBody: Buffer.from(text).toString('base64'),
            encoding: 'base64',
          }),
        ),
      ),
  })
  await opened(scene, '/10')
  const id = Number(/event=(\d+)/.exec(scene.page.url())?.[1])
  await scene.go(`?event=${id}&compare=${id - 1}`)

  const table = scene.detail.getByRole('table').first()
  await expectText(table.getByRole('row', { name: /^\/request\/body/ }), '<a>one</a><a>two</a>')
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
  await scene.open('?event=99999')
  await expectText(scene.detail, /99999 is not here/)
})

test('an id at the head of an event is not cut off while there is room', async () => {
  const scene = await fresh({
    before: (it) => it.post([exchange({ user: 'ada-lovelace-1815', company: 'acme' })]),
  })
  await opened(scene, '/orders')

  const ends = scene.detail.locator('.facts a')
  await expectCount(ends, 3)
  expect(
    await ends.evaluateAll((links) => links.filter((it) => it.scrollWidth > it.clientWidth).length),
  ).toBe(0)
})

test('an event without a valid time has that of its arrival, marked, in list and panel', async () => {
  const event = exchange()
  Object.assign(event['request'] as object, { time: 'yesterday' })
  const scene = await fresh({ before: (it) => it.post([event]) })
  await expectText(scene.row().first(), /≈\d\d:\d\d:\d\d/)
  await opened(scene, '/orders')

  await expectText(scene.detail.locator('.facts'), /Time≈\d\d:\d\d:\d\d/)
})
