import { expect, test } from 'vitest'
import { exchange } from './exchange.ts'
import { expectCount, expectText, openScene } from './scene.ts'

test('a user has a page: profile, events, errors, and the rules and rates that hold for it', async () => {
  await using scene = await openScene({
    before: async (it) => {
      const shop = it.mock.application('shop')
      await it.post([
        exchange({ user: 'ada', company: 'acme', status: 500 }),
        exchange({ user: 'ada', company: 'acme' }),
        exchange({ user: 'bob' }),
      ])
      await fetch(`${it.mock.url}/v1/users`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-moesif-application-id': 'shop' },
        body: JSON.stringify({ user_id: 'ada', metadata: { name: 'Ada L.', plan: 'gold' } }),
      })
      await fetch(`${it.mock.url}/v1/users`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-moesif-application-id': 'shop' },
        body: JSON.stringify({ user_id: 'silent' }),
      })
      await shop.rules.put([
        { _id: 'r1', name: 'Quota', type: 'user', block: true, response: { status: 429 } },
        { _id: 'r2', name: 'Others', type: 'user', block: true, applied_to: 'not_matching' },
      ])
      await shop.config.put({
        user_sample_rate: { ada: 25 },
        user_rules: { ada: [{ rules: 'r1' }, { rules: 'r2' }] },
      })
    },
    address: '?view=people',
  })
  const table = scene.page.getByRole('table', { name: 'Users' })
  await expectText(table.getByRole('row', { name: 'ada' }), /adaAda L\.250 %12 ms/)
  await expectText(table.getByRole('row', { name: 'silent' }), /^silent0–/)

  await table.getByRole('link', { name: 'ada' }).click()
  const page = scene.page.getByRole('main', { name: 'ada' })
  await expectText(page, /2events50 %errors/)
  await expectText(page, /plan: "gold"/)
  await expectText(page, /25 % of its calls are kept.*Quota refuses its calls/s)
  expect(await page.textContent()).not.toContain('Others')
  await scene.link('Its errors').click()
  await expectCount(scene.row(), 1)

  await scene.row('ada').click()
  await scene.detail.locator('.facts').getByRole('link', { name: 'acme' }).click()
  await expectText(scene.page.getByRole('main', { name: 'acme' }), /2events/)
})
