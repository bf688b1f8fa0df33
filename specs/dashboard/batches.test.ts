import { expect, test } from 'vitest'
import { gatewaySpec, healthy, startAdmin } from './admin.ts'
import { exchange, exchanges } from './exchange.ts'
import { expectCount, expectText, openScene } from './scene.ts'

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

test('leads to the events of a batch', async () => {
  await using scene = await openScene({
    before: async (it) => {
      await it.post(exchanges(2, () => ({ user: 'first' })))
      await it.post(exchanges(3, () => ({ user: 'second' })))
    },
    address: '?view=batches',
  })

  await scene.page.locator('#batch-2').getByRole('button').click()

  await expectCount(scene.row('second'), 3)
  expect(await scene.query.inputValue()).toBe('batch:2')
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
  expect(await scene.page.locator('.strips').textContent()).toContain('batch_max_wait 1.50 s')
})
