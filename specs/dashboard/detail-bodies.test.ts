import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { opened, side } from './event-detail.ts'
import { exchange } from './exchange.ts'
import { expectCount, expectText, sharedScene } from './scene.ts'

const fresh = sharedScene()

test('shows a base64 body as text, hex and base64', async () => {
  const requestBody = Buffer.from('a=1&b=ü\n').toString('base64')
  const scene = await fresh({
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
  const scene = await fresh({
    before: (it) => it.post([exchange({ responseBody: png, encoding: 'base64' })]),
  })
  await opened(scene, '/orders')

  await side(scene, 'Response').getByRole('img', { name: 'Captured image 10 × 10' }).waitFor()
})

test('inflates a compressed body, as far as it was captured', async () => {
  const responseBody = gzipSync(JSON.stringify({ hidden: 'treasure' })).toString('base64')
  const responseHeaders = { 'content-type': 'application/json', 'content-encoding': 'gzip' }
  const scene = await fresh({
    before: (it) => it.post([exchange({ responseBody, responseHeaders, encoding: 'base64' })]),
  })
  await opened(scene, '/orders')

  await scene.button('Inflate gzip').click()
  await expectText(side(scene, 'Response').locator('.body'), '"treasure"')

  const long = gzipSync(Array.from({ length: 4000 }, (_, n) => `line ${n}`).join('\n'))
  const parts = [long.subarray(0, long.length / 2), Buffer.from('this is no gzip')]
  await scene.page.keyboard.press('Escape')
  await scene.post(
    parts.map((part) =>
      exchange({
        uri: `https://x.test/${part.length}`,
        responseBody: part.toString('base64'),
        responseHeaders,
        encoding: 'base64',
      }),
    ),
  )
  await opened(scene, `/${parts[0]?.length}`)
  await scene.button('Inflate gzip').click()
  await expectText(side(scene, 'Response').getByRole('status').first(), /Only .* inflate/)
  await expectText(side(scene, 'Response').locator('.body'), 'line 100')
  await opened(scene, `/${parts[1]?.length}`)
  await scene.button('Inflate gzip').click()
  await expectText(side(scene, 'Response').getByRole('status').first(), /not valid gzip/)
})

test('shows a body that was left out as left out', async () => {
  const responseBody = {
    msg: 'body left out: longer than response_max_body_size_limit',
    length: 5_242_880,
  }
  const scene = await fresh({ before: (it) => it.post([exchange({ responseBody })]) })
  await opened(scene, '/orders')

  await expectText(
    side(scene, 'Response'),
    'Left out: longer than response_max_body_size_limit. 5.2 MB passed.',
  )
})

const withBody = (type: string, text: string | Buffer, name: string) =>
  exchange({
    uri: `https://x.test/${name}`,
    verb: 'POST',
    requestHeaders: { 'content-type': type },
    requestBody: Buffer.from(text).toString('base64'),
    encoding: 'base64',
  })

test('shows forms, parts, markup and GraphQL as what they are', async () => {
  const multipart = [
    '--x',
    'Content-Disposition: form-data; name="title"',
    '',
    'Hello',
    '--x',
    'Content-Disposition: form-data; name="file"; filename="a.json"',
    'Content-Type: application/json',
    '',
    '{"inner": true}',
    '--x--',
    '',
  ].join('\r\n')
  const scene = await fresh({
    before: (it) =>
      it.post([
        withBody('application/x-www-form-urlencoded', 'a=1&b=two+words&b=%C3%BC', 'form'),
        withBody('multipart/form-data; boundary="x"', multipart, 'parts'),
        withBody('application/xml', '<a><b c="d">e</b><!-- f --><g/></a>', 'markup'),
        withBody('text/plain; charset=iso-8859-1', Buffer.from([0x67, 0x72, 0xfc, 0x6e]), 'latin'),
        exchange({
          uri: 'https://x.test/graphql',
          requestBody: { query: '{\n  me { name }\n}', variables: { id: 7 } },
        }),
      ]),
  })
  const request = side(scene, 'Request')

  await opened(scene, '/form')
  await expectText(request.locator('.body'), /a1btwo wordsbü/)
  await opened(scene, '/parts')
  await expectText(request.getByRole('region', { name: 'title' }), 'Hello')
  await expectText(request.getByRole('region', { name: 'file' }), /a\.json.*inner: true/s)
  await opened(scene, '/markup')
  await expect
    .poll(() => request.locator('.markup > div').allTextContents())
    .toEqual(['<a>', '<b c="d">e</b>', '<!-- f -->', '<g/>', '</a>'])
  await opened(scene, '/latin')
  await expectText(request.locator('.body'), 'grün')
  await expectText(request.locator('.body'), 'iso-8859-1')
  await opened(scene, '/graphql')
  await expectText(request.locator('.body'), /\{\n {2}me \{ name \}\n\}.*id: 7/s)
  await scene.page.keyboard.press('x')
  await expectText(request.locator('pre'), '"query":"{\\n  me { name }\\n}"')
  await scene.page.keyboard.press('x')
  await expectText(request.locator('.body'), /\{\n {2}me \{ name \}\n\}.*id: 7/s)
})

test('finds in a body, and opens what leads there', async () => {
  const responseBody = { a: { b: { c: [{ deep: 'needle' }, { deep: 'hay' }] } }, needle: 1 }
  const scene = await fresh({
    before: (it) => it.post([exchange({ responseBody: { ...responseBody, pad: 'x'.repeat(60) } })]),
  })
  await opened(scene, '/orders')
  const response = side(scene, 'Response')
  await expectCount(response.getByText('"needle"'), 0)

  const find = scene.page.getByRole('searchbox', { name: 'Find in response body' })
  await find.fill('needle')
  await response.getByText('"needle"').waitFor()
  await expectText(response.locator('.find'), '2')
  await find.press('Enter')
  await expectText(response.locator('.find'), '1 of 2')

  await scene.page.getByRole('button', { name: 'Expand all' }).last().click()
  await response.getByText('"hay"').waitFor()
})

test('goes to a match that is asked for before the matches are marked', async () => {
  const responseBody = { a: { b: { c: [{ deep: 'needle' }] } }, needle: 'x'.repeat(60) }
  const scene = await fresh({ before: (it) => it.post([exchange({ responseBody })]) })
  await opened(scene, '/orders')
  const find = scene.page.getByRole('searchbox', { name: 'Find in response body' })
  await find.waitFor()
  await scene.page.evaluate(() => {
    const held: FrameRequestCallback[] = []
    const { requestAnimationFrame: original } = window
    window.requestAnimationFrame = (callback) => -held.push(callback)
    window.cancelAnimationFrame = (frame) => void delete held[-frame - 1]
    Object.assign(window, {
      paint: () => {
        window.requestAnimationFrame = original
        for (const callback of held) callback?.(performance.now())
      },
    })
  })

  await find.pressSequentially('needle')
  await find.press('Enter')
  await find.press('Enter')
  await scene.page.evaluate('paint()')

  await expectText(side(scene, 'Response').locator('.find'), '2 of 2')
  await find.fill('needle')
  await find.press('Enter')
  await expectText(side(scene, 'Response').locator('.find'), '1 of 2')
})

test('numbers are those that were sent, digit by digit', async () => {
  const scene = await fresh()
  const numbers = { id: '9007199254740993', one: '1.0', huge: '1e400', minus: '-0', usual: '0.5' }
  const json = `{${Object.entries(numbers).map(([name, text]) => `"${name}":${text}`)}}`
  for (const end of ['', ' ']) {
    const event = exchange({ requestBody: 'here', more: { metadata: 'here' } })
    await fetch(`${scene.mock.url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-moesif-application-id': 'shop' },
      body: JSON.stringify(event).replaceAll('"here"', json).replace('0993', `0993${end}`),
    })
  }
  await scene.row().first().click()

  for (const place of [side(scene, 'Request'), scene.detail.getByLabel('Identity')])
    for (const [name, text] of Object.entries(numbers))
      await place.getByText(`${name}: ${text}`, { exact: true }).waitFor()
  await side(scene, 'Request').getByRole('button', { name: numbers.id }).click()
  await scene.page.getByRole('menuitem', { name: 'Only events with this' }).click()
  await expectCount(scene.row(), 2)
  await expect.poll(() => scene.query.inputValue()).toBe('event.request.body.id:9007199254740993')
})

test('finds what is beyond the part of a body that is shown at first, and expands all', async () => {
  const list = Array.from({ length: 400 }, (_, n) => ({ n, is: n === 390 ? 'needle' : 'hay' }))
  const text = `${'a line\n'.repeat(5000)}the end`
  const scene = await fresh({
    before: (it) =>
      it.post([
        exchange({ uri: 'https://x.test/list', responseBody: list }),
        withBody('text/plain', text, 'text'),
      ]),
  })
  await opened(scene, '/list')
  const find = scene.page.getByRole('searchbox', { name: 'Find in response body' })
  await find.fill('needle')
  await side(scene, 'Response').getByText('"needle"').waitFor()
  await find.fill('hay')
  await expectText(side(scene, 'Response').locator('.find'), /^399/)
  await find.fill('nowhere')
  await expectText(side(scene, 'Response').locator('.find'), 'not found')
  await scene.button('Expand all').last().click()
  await expectCount(side(scene, 'Response').getByText('"hay"'), 399)

  await opened(scene, '/text')
  await scene.page.getByRole('searchbox', { name: 'Find in request body' }).fill('the end')
  await expectText(side(scene, 'Request').locator('.find'), /^1/)
})

test('says that an image cannot be shown, and shows its bytes', async () => {
  const responseBody = Buffer.from('89504e470d0a1a0a00', 'hex').toString('base64')
  const scene = await fresh({
    before: (it) => it.post([exchange({ responseBody, encoding: 'base64' })]),
  })
  await opened(scene, '/orders')

  await expectText(side(scene, 'Response').locator('.remark'), 'not a whole image/png')
  await expectText(side(scene, 'Response').locator('pre'), '000000  89 50 4e 47')
})

test('says that an object has a name twice', async () => {
  const scene = await fresh()
  const event = exchange({ requestBody: 'here' })
  await fetch(`${scene.mock.url}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-moesif-application-id': 'shop' },
    body: JSON.stringify(event).replace('"here"', '{"a":1,"b":{"a":2},"a":"\\":"}'),
  })
  await opened(scene, '/orders')

  await expectText(side(scene, 'Request').locator('.remark'), '1 name occurs again')
})
