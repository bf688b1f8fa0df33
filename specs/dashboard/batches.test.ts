import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import type { Locator } from 'playwright'
import { expect, test } from 'vitest'
import { gatewaySpec, healthy, startAdmin } from './admin.ts'
import { exchange, exchanges } from './exchange.ts'
import { expectCount, expectText, openScene, type Scene } from './scene.ts'

async function expectBytesAsSent(scene: Scene, detail: Locator, wire: Buffer): Promise<void> {
  await scene.button(/^As sent: .* gzip$/).click()
  await expectText(detail, /1f 8b 08/)
  const [download] = await Promise.all([
    scene.page.waitForEvent('download'),
    detail.getByRole('link', { name: 'Download' }).click(),
  ])
  expect(await readFile(await download.path())).toEqual(wire)
}

test('shows each batch as it arrives: events, wait, bytes, answer', async () => {
  await using scene = await openScene({ address: '?view=batches' })
  await scene.page.getByText('No batch has arrived').waitFor()

  await scene.post(exchanges(3, (n) => ({ time: Date.now() - 5000 + n, durationMs: 1 })))
  const row = scene.page.locator('#batch-1')
  await row.waitFor()

  await expectText(row.locator('td').nth(3), /^\d+\.\d+ s$/)
  const [, application, events, waited, encoding, , , answer] = await row
    .locator('td')
    .allTextContents()
  expect([application, events, encoding, answer]).toEqual(['shop', '3', 'identity', '201'])
  expect(Number.parseFloat(waited ?? '')).toBeGreaterThanOrEqual(4.9)

  // Nobody waited until then, or since then.
  await scene.post([exchange({ time: Date.UTC(2099, 0, 1, 12) })])
  await scene.post([exchange({ time: Date.UTC(1970, 0, 1, 12) })])
  const waits = scene.page.locator('[id^=batch-] td:nth-of-type(4)')
  await expect
    .poll(() => waits.allTextContents())
    .toEqual([
      expect.stringMatching(/^event of 1970-01-01/),
      expect.stringMatching(/^event of 2099-01-01/),
      expect.stringMatching(/ s$/),
    ])
  const tab = await scene.tabOpenedBy(() => row.getByRole('link').click({ button: 'middle' }))
  expect(new URL(tab.url()).search).toBe('?view=batches&batch=1')
})

test('marks a retry, and what a fault did', async () => {
  const events = [exchange()]
  await using scene = await openScene({ address: '?view=batches' })
  await scene.mock.application('shop').faults.add({ status: 503, remaining: 1 })
  await scene.post(events)
  await scene.post(events)

  await expectText(scene.page.locator('#batch-1'), /503.*fault/)
  await expectText(scene.page.locator('#batch-2'), /201.*retry of 1/)
})

test('a refused batch has a page: request, answer, attempts, and the events it would have held', async () => {
  await using scene = await openScene({ address: '?view=batches', ownTab: true })
  await scene.mock.application('shop').faults.add({ status: 503, retryAfter: 1, remaining: 2 })
  const events = [exchange({ uri: 'https://x.test/kept', user: 'ada' }), exchange({ status: 500 })]
  for (let attempt = 0; attempt < 3; attempt++) await scene.post(events)
  const { page } = scene

  await page.locator('#batch-1').getByRole('link').click()

  const detail = page.getByRole('main', { name: 'Batch 1' })
  await expectText(detail, /503.*by a fault that is set here.*Retry-After|retry-after/s)
  await expectText(detail, /x-moesif-application-idshop/)
  await expectText(detail, '2 events that it would have held')
  const attempts = detail.getByRole('listitem').filter({ has: page.locator('.attempt-track') })
  await expectCount(attempts, 3)
  expect(await attempts.allTextContents()).toEqual([
    expect.stringMatching(/^1.*503fault/),
    expect.stringMatching(/^2.*after.*503fault/),
    expect.stringMatching(/^3.*after.*201$/),
  ])
  await page.setViewportSize({ width: 375, height: 720 })
  const { x = Infinity } = (await attempts.nth(1).locator('.status').boundingBox()) ?? {}
  expect(x).toBeLessThan(350)
  await page.setViewportSize({ width: 1440, height: 900 })
  await detail.getByText('x.test/kept').click()
  await expectText(detail, /user_id: "ada"/)

  await attempts.nth(2).getByRole('link').click()
  const last = page.getByRole('main', { name: 'Batch 3' })
  await expectText(last, /201/)
  await last.getByRole('link', { name: 'Show them in the list' }).click()
  await expectCount(scene.row(), 2)
  await expect.poll(() => scene.query.inputValue()).toBe('batch:3')
  await page.goBack()
  await last.getByRole('link', { name: /x\.test\/kept/ }).click()
  await expectText(scene.detail, /user_idada/)
})

test('a body that is no batch is shown as it came, gzip decoded, and as it was sent', async () => {
  await using scene = await openScene({ address: '?view=batches' })
  const post = (body: BodyInit, headers: Record<string, string>) =>
    fetch(`${scene.mock.url}/v1/events/batch`, {
      method: 'POST',
      headers: { 'x-moesif-application-id': 'shop', ...headers },
      body,
    })
  await post('{"not": "an array"', { 'content-type': 'application/json' })
  const wire = gzipSync(JSON.stringify([exchange({ user: 'zip' })]))
  await post(wire, {
    'content-type': 'application/json',
    'content-encoding': 'gzip',
  })

  await scene.page.locator('#batch-1').getByRole('link').click()
  await expectText(scene.page.getByRole('main', { name: 'Batch 1' }), /400.*"not": "an array"/s)
  await expectText(scene.page.getByRole('region', { name: 'Answer' }), /application\/json/)
  await scene.link('‹ All batches').click()
  await scene.page.locator('#batch-2').getByRole('link').click()
  const detail = scene.page.getByRole('main', { name: 'Batch 2' })
  await expectText(detail, /Body, decoded.*"zip"/s)
  await expectBytesAsSent(scene, detail, wire)
})

test('the page of what was refused has the answer, word for word, and what is wrong with which event', async () => {
  await using scene = await openScene({ address: '?view=batches' })
  const post = async (body: BodyInit, more: Record<string, string> = {}, path = 'events/batch') => {
    const headers = {
      'x-moesif-application-id': 'shop',
      'content-type': 'application/json',
      ...more,
    }
    const answer = await fetch(`${scene.mock.url}/v1/${path}`, { method: 'POST', headers, body })
    const { error } = (await answer.json()) as { error: string }
    return { status: answer.status, error }
  }
  const bad = { request: { verb: 'GET' }, response: { time: 'yesterday' } }
  const gzip = { 'content-encoding': 'gzip' }
  const broken = gzipSync(JSON.stringify([exchange({ user: 'zip' })])).subarray(0, 150)
  const batches = [
    await post('[{"cut'),
    await post(JSON.stringify([exchange(), bad])),
    await post(broken, gzip),
    await post('{}', gzip),
  ]
  const others = [
    await post('[]', { 'x-moesif-application-id': '' }),
    await post('[]', { 'content-type': 'text/plain' }),
    await post('[]', { 'content-encoding': 'zstd' }),
    await post('[]', {}, 'nowhere'),
    await post('[]', {}, 'config'),
  ]

  const answer = scene.page.getByRole('region', { name: 'Answer' })
  const shows = async (address: string, { status, error }: { status: number; error: string }) => {
    await scene.go(`?view=batches&${address}`)
    await expectText(answer, String(status))
    await answer.getByRole('radio', { name: 'Text' }).click()
    await expectText(answer, JSON.stringify(error).slice(1, -1))
  }
  for (const [index, one] of batches.entries()) await shows(`batch=${index + 1}`, one)
  for (const [index, one] of others.entries())
    await shows(`request=${index + batches.length + 1}`, one)

  await scene.go('?view=batches&batch=2')
  await expectText(answer.getByRole('listitem').first(), /^event 1 \/request\/\w+ \w/)
  await scene.go('?view=batches&batch=3')
  const body = scene.page.locator('.card').filter({ hasText: 'As sent' })
  await expectText(body, /Body, as far as it could be decoded.*not valid gzip.*api\.example/s)
})

test('both halves of a batch that was too large are joined to it', async () => {
  await using scene = await openScene({ address: '?view=batches' })
  const events = exchanges(4, () => ({}))
  await scene.mock.application('shop').faults.add({ status: 413, remaining: 1 })
  await scene.post(events)
  await scene.post(events.slice(0, 2))
  await scene.post(events.slice(2))
  for (const half of [2, 3])
    await expectText(scene.page.locator(`#batch-${half}`), /201.*retry of 1/)
  await scene.page.locator('#batch-3').getByRole('link').click()
  await expectText(scene.page.getByRole('main'), '3 attempts')
})

test('how long the collector took comes by itself to a page that is open', async () => {
  await using scene = await openScene({ address: '?view=batches' })
  await scene.mock.application('shop').faults.add({ delayMs: 1500, remaining: 1 })
  const answered = scene.post([exchange()])
  await scene.page.locator('#batch-1').getByRole('link').click()
  const detail = scene.page.getByRole('main', { name: 'Batch 1' })
  await detail.getByText('delay').first().waitFor()
  await answered

  await expectText(detail, /in 1\.\d+ s/)
})

test('requests that brought no batch are there, too, as they come, with what they posted', async () => {
  await using scene = await openScene({ address: '?view=batches' })
  await scene.page.getByText('No batch has arrived').waitFor()
  const wire = gzipSync(JSON.stringify([exchange(), exchange()]))

  await fetch(`${scene.mock.url}/v1/events/batch`, {
    method: 'POST',
    headers: { 'content-encoding': 'gzip' },
    body: wire,
  })
  await scene.page.getByRole('cell', { name: 'POST /v1/events/batch' }).waitFor()
  await scene.page.getByRole('rowheader').getByRole('link').click()

  const detail = scene.page.getByRole('main', { name: /^Request/ })
  await expectText(detail, /401.*X-Moesif-Application-Id is missing/s)
  await expectText(detail, /2 events that it would have held/)
  await expectBytesAsSent(scene, detail, wire)
})

test('says of a refused body that it is a start only, or was never read', async () => {
  await using scene = await openScene()
  const post = (body: string) => fetch(`${scene.mock.url}/v1/events`, { method: 'POST', body })
  await post(`[${'1,'.repeat(33_000)}1]`)
  await scene.mock.faults.add({ connection: 'reset-before-read', remaining: 1 })
  await expect(post('[]')).rejects.toThrow()

  const detail = (id: number) => scene.page.getByRole('main', { name: `Request ${id}` })
  await scene.open('?view=batches&request=1')
  await expectText(detail(1), /Only its first 66 kB are kept/)
  await scene.open('?view=batches&request=2')
  await expectText(detail(2), /Its body was not read/)
})

test('draws size and wait of each sender to its own scale, against what its plugin allows', async () => {
  await using admin = await startAdmin(healthy)
  await using scene = await openScene({
    mock: { gateway: gatewaySpec(admin.url, { batch_max_size: 10 }) },
    address: '?view=batches',
  })
  await scene.post(
    exchanges(10, () => ({})),
    'secret-id-1234',
  )
  await scene.post(
    exchanges(4, () => ({})),
    'secret-id-1234',
  )
  await scene.post(
    exchanges(1000, () => ({})),
    'another',
  )

  const sizes = scene.page.getByRole('figure').filter({ hasText: 'Events in a batch' })
  const own = sizes.filter({ hasText: 'secret-id-1234' })
  const another = sizes.filter({ hasText: 'another' })
  await expectText(own, 'batch_max_size 10')
  await expectCount(own.locator('.reached'), 1)
  const heights = await own
    .locator('span > i')
    .evaluateAll((bars) => bars.map((bar) => bar.clientHeight))
  expect(heights).toHaveLength(2)
  expect(heights[0]).toBeGreaterThan(30)
  expect(heights[0]).toBeGreaterThan(2 * (heights[1] ?? 0))
  expect(await another.textContent()).not.toContain('batch_max')
  expect(await scene.page.locator('.charts').textContent()).toContain('batch_max_wait 1.50 s')
})

test('what is wrong with an event of a refused batch leads to that event', async () => {
  await using scene = await openScene()
  const bad = exchange({ uri: 'https://x.test/late' })
  Object.assign(bad['request'] as object, { time: 'yesterday' })
  expect(await scene.post([exchange(), bad])).toBe(400)
  await scene.go('?view=batches&batch=1')
  const detail = scene.page.getByRole('main', { name: 'Batch 1' })
  await detail.locator('#posted-1').waitFor()
  await detail.getByRole('button', { name: 'event 1 /request/time' }).click()

  await scene.detail.getByRole('heading', { name: 'Event 2' }).waitFor()
  await expectText(scene.detail, 'https://x.test/late')
})
