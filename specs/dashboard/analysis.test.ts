import { expect, test } from 'vitest'
import { exchange, exchanges } from './exchange.ts'
import { dragOver, expectCount, expectText, openScene, sharedScene, type Scene } from './scene.ts'

const fresh = sharedScene()

const now = Date.now()
const traffic = (scene: Scene) =>
  scene.post([
    ...exchanges(40, (n) => ({
      user: n % 4 === 0 ? 'ada' : 'bob',
      uri: `https://x.test/orders/${n}`,
      status: n % 4 === 0 ? 500 : 200,
      durationMs: n % 4 === 0 ? 1000 : 10 + n,
      time: now - 400_000 + n * 10_000,
      requestHeaders: { 'x-tenant': n < 20 ? 'blue' : 'red' },
    })),
    exchange({ uri: 'https://x.test/health', time: now }),
  ])

const table = (scene: Scene) => scene.page.getByRole('table', { name: /^Events by/ })
const groupBy = async (scene: Scene, field: string) => {
  const input = scene.page.getByRole('combobox', { name: 'Group by' })
  await input.fill(field)
  await input.press('Enter')
}

test('shows which user gets most 500s, and links to them', async () => {
  const scene = await fresh({ before: traffic })
  await groupBy(scene, 'user')
  await expectText(table(scene).getByRole('row').nth(1), /^bob30/)

  await table(scene).getByRole('button', { name: '5xx' }).click()
  const first = table(scene).getByRole('row').nth(1)
  await expectText(first, /^ada1024 %100100 %1\.00 s/)
  await first.getByRole('link', { name: 'ada' }).click()

  await expectCount(scene.row(), 10)
  await expect.poll(() => scene.query.inputValue()).toBe('user:ada')
})

test('groups by any field, of what matches, live, and the link shows the same', async () => {
  const scene = await fresh({ before: traffic })
  await scene.query.fill('-path:/health')
  await groupBy(scene, 'route')
  await expectText(table(scene).getByRole('row').nth(1), /^\/orders\/:id40100 %/)
  await expectCount(table(scene).getByRole('row'), 2)

  await groupBy(scene, 'request.header.x-tenant')
  await expectText(table(scene).getByRole('row', { name: 'blue' }), /^blue20/)
  await scene.post([exchange({ requestHeaders: { 'x-tenant': 'blue' } }), exchange()])
  await expectText(table(scene).getByRole('row', { name: 'blue' }), /^blue21/)
  await expectText(table(scene).getByRole('row', { name: 'none' }), /^none1/)
  await scene.reload()
  await expectText(table(scene).getByRole('row', { name: 'blue' }), /^blue21/)
  await table(scene).getByRole('link', { name: 'none' }).click()
  await expectCount(scene.row(), 1)

  const problem = scene.page.getByRole('alert')
  await groupBy(scene, 'usre')
  await expectText(problem, 'there is no field "usre": did you mean user')
  await groupBy(scene, 'time')
  await scene.page.getByText('time is no field to group by').waitFor()
  await groupBy(scene, 'user')
  await expectText(table(scene), /^user/)
  await expectCount(problem, 0)
})

test('a value of a group is a link, and so is the order of the groups', async () => {
  await using scene = await openScene({ before: traffic, address: '?group=user' })
  await table(scene).getByRole('button', { name: 'p90' }).click()
  await expectText(table(scene).getByRole('row').nth(1), /^ada/)
  await scene.reload()
  await expectText(table(scene).getByRole('row').nth(1), /^ada/)

  const tab = await scene.tabOpenedBy(() =>
    table(scene)
      .getByRole('link', { name: 'ada' })
      .click({ modifiers: ['Control'] }),
  )
  expect(new URL(tab.url()).search).toBe('?q=user%3Aada')
  await expectText(table(scene).getByRole('row').nth(1), /^ada/)
})

test('shows what got slower: latency over the whole query, by route, dragged into', async () => {
  await using scene = await openScene({
    before: async (it) => {
      await it.post(
        exchanges(200, (n) => ({
          uri: `https://x.test/${n % 2 ? 'slow' : 'quick'}/${n}`,
          durationMs: n % 2 && n > 100 ? 900 : 20,
          time: now - 600_000 + n * 3000,
        })),
      )
    },
  })
  await scene.post([{ ...exchange({ uri: 'https://x.test/unanswered' }), response: undefined }])
  await scene.page.getByRole('radio', { name: 'Latency' }).click()
  await scene.query.fill('path:/unanswered')
  await scene.page.getByText('No event that matches has the time of its response').waitFor()
  await scene.query.fill('')
  const chart = scene.page.getByRole('figure', { name: /^Latency over time/ })
  await expectText(chart.locator('.legend'), /p50.*p90.*p99/)
  await expect.poll(() => chart.getAttribute('aria-label')).toContain('at most 900 ms')
  await groupBy(scene, 'route')
  await expectText(chart.locator('.legend'), /\/slow\/:id/)

  await dragOver(chart.locator('.series-plot'), 0.6, 0.99)

  await expect.poll(() => scene.query.inputValue()).toMatch(/^time:\S+\.\.\S+$/)
  await table(scene).getByRole('button', { name: 'p90' }).click()
  await expectText(table(scene).getByRole('row').nth(1), /^\/slow\/:id.*900 ms/)
  await expectText(table(scene).getByRole('row').nth(2), /^\/quick\/:id.*20 ms/)
})

test('the histogram is of all that match, not only of what is loaded', async () => {
  const scene = await fresh({
    before: async (it) => {
      await it.post(exchanges(20, () => ({ status: 503, time: now - 900_000 })))
      for (let batch = 0; batch < 3; batch++)
        await it.post(exchanges(500, () => ({ time: now - 1000 })))
    },
  })
  await expectText(scene.page.locator('.list-count'), /1.520 events/)

  const bars = scene.page.locator('.bars .bar')
  await expect.poll(() => bars.first().getAttribute('title')).toContain('20 5xx')
})

test('each group leads to the events that it counts', async () => {
  const scene = await fresh({
    before: (it) =>
      it.post([
        exchange({ requestBody: { a: 'x y' }, status: 404, user: 'Ada' }),
        exchange({ requestBody: '', user: 'ada', durationMs: 5 }),
        exchange({ requestBody: '', encoding: 'base64', user: '' }),
        exchange({ more: { metadata: { plan: 'a "b"' } } }),
        { ...exchange({ user: 'u'.repeat(2000) }), response: undefined },
      ]),
  })
  const fields = [
    'request.body',
    'user',
    'status',
    'duration',
    'metadata.plan',
    'event.request.body.a',
  ]
  for (const field of fields) {
    await scene.go(`?group=${field}`)
    await table(scene).getByRole('columnheader', { name: field }).waitFor()
    let counted: { link: string; count: number }[] = []
    const read = async () => {
      counted = await table(scene)
        .locator('tbody tr')
        .evaluateAll((rows) =>
          rows.map((row) => ({
            link: row.querySelector('a')?.search ?? '',
            count: Number(row.querySelector('td')?.textContent),
          })),
        )
      return counted.reduce((sum, { count }) => sum + count, 0)
    }
    await expect.poll(read).toBe(5)
    for (const { link, count } of counted) {
      await scene.go(link)
      await expectCount(scene.row(), count)
    }
  }
})

test('one event of another century leaves the chart to the others, and is named', async () => {
  const scene = await fresh({
    before: async (it) => {
      await traffic(it)
      await it.post([exchange({ uri: 'https://x.test/late', time: Date.UTC(2099, 0, 1) })])
    },
  })
  const bars = scene.page.locator('.bars .bar')
  await expect.poll(() => bars.filter({ has: scene.page.locator('i') }).count()).toBeGreaterThan(10)
  await scene.link('1 event outside of the time shown').click()
  await expectCount(scene.row(), 1)
  await scene.row('/late').waitFor()
})

test('weighted, events count for the exchanges that they stand for', async () => {
  await using scene = await openScene({
    before: (it) =>
      it.post([
        exchange({ user: 'ada', more: { weight: 10 } }),
        exchange({ user: 'bob' }),
        exchange({ user: 'bob' }),
      ]),
    address: '?group=user',
  })
  await expectText(table(scene).getByRole('row').nth(1), /^bob2/)

  await scene.button('Weighted').click()

  await expectText(table(scene).getByRole('row').nth(1), /^ada10/)
  await expectText(scene.page.locator('.list-count'), '12 exchanges')
})

test('values are offered with how often they are among what the rest of the query finds', async () => {
  const scene = await fresh({ before: traffic })
  // Queries before this one, and the pages that they read, change nothing of what there is.
  for (const [query, count] of [
    ['user:ada', 10],
    ['status:500', 10],
    ['user:nobody', 0],
  ] as const) {
    await scene.query.fill(query)
    await expectCount(scene.row(), count)
  }
  await scene.query.fill('user:')
  const option = (name: RegExp) => scene.page.getByRole('option', { name })
  await option(/^bob\s*30×$/).waitFor()
  await option(/^ada\s*10×$/).waitFor()

  await scene.query.fill('status:500 user:')
  await option(/^ada\s*10×$/).waitFor()
  await expectCount(scene.page.getByRole('option'), 1)
})

const ofPlan = (plan: unknown) => exchange({ more: { metadata: { plan } } })

test('members that changed their type are listed with the events that had it first and last', async () => {
  const scene = await fresh({ before: (it) => it.post([1, 'gold', 'silver'].map(ofPlan)) })

  await scene.query.fill('user:nobody')
  await scene.link('1 type changed in all events').waitFor()
  await scene.query.fill('')
  await scene.query.press('Escape')
  await scene.page.getByRole('link', { name: '1 type changed', exact: true }).click()

  const row = scene.page.getByRole('row', { name: /metadata\.plan/ })
  await expectText(row, /^metadata\.planshopnumbertext2/)
  await row.getByRole('link').first().click()
  await expectText(scene.detail, /plan is text, and was a number/)
})
