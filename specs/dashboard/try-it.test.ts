import { expect, test } from 'vitest'
import { exchange } from './exchange.ts'
import { expectText, openScene } from './scene.ts'

const quota = {
  _id: 'quota',
  type: 'user',
  block: true,
  variables: [{ name: 'plan' }],
  regex_config: [{ conditions: [{ path: 'request.body.op', value: '^delete' }] }],
  response: { status: 429, headers: { 'x-plan': '{{plan}}' }, body: { error: 'over {{plan}}' } },
}
const mark = {
  _id: 'mark',
  type: 'regex',
  regex_config: [{ conditions: [{ path: 'request.headers.x-beta', value: 'yes' }] }],
  response: { headers: { 'x-warn': 'soon' } },
}

test('a call written by hand gets what the plugin answers: refused, marked, let through, left out', async () => {
  await using scene = await openScene({
    before: async (it) => {
      const shop = it.mock.application('shop')
      await shop.rules.put([quota, mark])
      await shop.config.addToCohort({ user: 'ada' }, 'quota', { plan: 'Free' })
      await it.post([exchange()])
    },
    address: '?view=rules&app=shop',
  })
  const form = scene.page.getByRole('form', { name: 'Try it' })
  const verdict = form.getByRole('status')
  const press = () => form.getByRole('button', { name: 'Try', exact: true }).click()

  await form.getByLabel('Method').fill('POST')
  await form.getByLabel('Path or URL').fill('/orders/7')
  await form.getByLabel('User id').fill('ada')
  await form.getByLabel('Request headers').fill('content-type: application/json\nx-beta: yes')
  await form.getByLabel('Request body').fill('{"op":"delete"}')
  await press()
  await expectText(verdict, /Refused by quota.*Its event is sent\..*HTTP\/1\.1 429/s)
  await expectText(verdict, /x-plan: Free.*"error": "over Free"/s)
  await form.getByText('Its event', { exact: true }).click()
  await expectText(verdict, '"blocked_by": "quota"')
  await form.getByRole('link', { name: 'quota' }).click()
  const row = scene.page.getByRole('row', { name: /quota/ })
  await expect.poll(() => row.getAttribute('class')).toContain('wanted')

  await form.getByLabel('User id').fill('bob')
  await form.getByLabel('Upstream answers').fill('204')
  await press()
  await expectText(verdict, /Marked with x-warn.*HTTP\/1\.1 204\n.*x-warn: soon/s)

  await form.getByLabel('Request headers').fill('x-beta')
  await press()
  await expectText(form.getByRole('alert'), '"x-beta" is not a header: write name: value')
  await form.getByLabel('Request headers').fill('')
  await scene.mock.application('shop').config.patch({ sample_rate: 0 })
  await press()
  await expectText(verdict, /Let through: no rule applies.*Sampling drops its event/s)
  expect(scene.errors).toEqual([])
})

test('a captured event is tried as it came, byte for byte, and then with what is changed about it', async () => {
  await using scene = await openScene({
    before: async (it) => {
      const shop = it.mock.application('shop')
      await shop.rules.put([quota])
      await shop.config.addToCohort({ user: 'ada' }, 'quota')
      await it.post([
        exchange({
          verb: 'POST',
          user: 'ada',
          requestHeaders: { 'content-type': 'application/json' },
          requestBody: Buffer.from('{ "op":\t"delete all" }').toString('base64'),
          encoding: 'base64',
        }),
      ])
    },
    address: '?event=1',
  })
  await scene.link('Try rules').click()
  const form = scene.page.getByRole('form', { name: 'Try it' })
  const verdict = form.getByRole('status')

  await expectText(verdict, /Refused by quota.*over UNKNOWN/s)
  await form.getByRole('link', { name: 'From event 1' }).waitFor()
  await expect
    .poll(() => form.getByLabel('Request body').inputValue())
    .toBe('{ "op":\t"delete all" }')
  await form.getByLabel('User id').fill('')
  await form.getByRole('button', { name: 'Try', exact: true }).click()
  await expectText(verdict, 'Let through: no rule applies')
  await form.getByRole('link', { name: 'From event 1' }).click()
  await scene.detail.getByRole('heading', { name: 'Event 1' }).waitFor()
})

test('what is wrong with the documents is shown with its place, which leads to the rule', async () => {
  const look = [{ conditions: [{ path: 'request.route', value: '(?=a)b' }] }]
  await using scene = await openScene({
    before: (it) =>
      it.mock.application('shop').rules.put([
        { _id: 'fine', type: 'regex', block: true, response: { status: 403 } },
        { _id: 'never', type: 'regex', block: true, regex_config: look, response: { status: 403 } },
      ]),
    address: '?view=rules&app=shop',
  })
  const remarks = scene.page.getByRole('list', { name: 'Remarks on the documents' })
  await expectText(
    remarks,
    /^rules \/1\/regex_config\/0\/conditions\/0\/value warning: .*look-ahead/,
  )
  await remarks.getByRole('link').click()
  await expect
    .poll(() => scene.page.getByRole('row', { name: /never/ }).getAttribute('class'))
    .toContain('wanted')
  const form = scene.page.getByRole('form', { name: 'Try it' })
  await form.getByRole('button', { name: 'Try', exact: true }).click()
  await expectText(form.getByRole('status'), /Refused by fine.*The plugin: .*never/s)

  await scene.mock.application('shop').rules.put([{ _id: 7, type: 'regex' }], { unchecked: true })
  await scene.reload()
  await expectText(remarks, /rules \/0\/_id error: /)
})
