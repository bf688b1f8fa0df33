import { expect, test } from 'vitest'
import { exchange } from './exchange.ts'
import { expectCount, expectText, openScene, type Scene } from './scene.ts'
import { NOTHING } from '#specs/support/nothing.ts'

const served = async (scene: Scene, path: string) => {
  const response = await fetch(`${scene.mock.url}/v1/${path}`, {
    headers: { 'x-moesif-application-id': 'shop' },
  })
  return (await response.json()) as unknown
}

const saveUnderAnotherId = async (scene: Scene, name: string, id: string) => {
  await scene.page.getByRole('row', { name }).getByRole('button', { name: 'Edit' }).click()
  await scene.page.getByLabel('Id', { exact: true }).fill(id)
  await scene.button('Save rule').click()
}

test('a rule is made without writing JSON, previewed, served, switched off and on', async () => {
  await using scene = await openScene({
    before: (it) => it.post([exchange({ user: 'ada' })]),
    address: '?view=rules&app=shop',
  })
  const { page } = scene
  await page.getByText('No rules: every call passes').waitFor()

  await scene.button('New rule').click()
  const form = page.getByRole('form', { name: 'Rule' })
  await form.getByLabel('Name').fill('Free plan')
  await form.getByLabel('Id', { exact: true }).fill('free-plan')
  await form.getByLabel(/^User ids/).fill('ada plan=Free limit=1000\nbob')
  await scene.button('Only when…').click()
  await form.getByLabel('Regular expression').fill('^/orders')
  await form.getByLabel('Headers').fill('x-quota: {{limit|500}}')
  await form.getByLabel('Body, JSON or text').fill('{"error":"{{plan}} allows {{limit|500}}"}')
  const preview = form.getByRole('region', { name: 'Preview' })
  await expectText(preview, /HTTP\/1\.1 429\nx-quota: 1000.*"Free allows 1000"/s)
  await form.getByLabel('Preview for').selectOption('bob')
  await expectText(preview, /x-quota: 500.*"UNKNOWN allows 500"/s)
  await scene.button('Save rule').click()

  const table = page.getByRole('table', { name: 'Rules' })
  await expectText(
    table,
    /Free plan free-plan.*2 users.*request\.route ~ \^\/orders.*refused with 429/,
  )
  const rule = {
    _id: 'free-plan',
    name: 'Free plan',
    type: 'user',
    block: true,
    applied_to: 'matching',
    applied_to_unidentified: false,
    variables: [{ name: 'limit' }, { name: 'plan' }],
    regex_config: [{ conditions: [{ path: 'request.route', value: '^/orders' }] }],
    response: {
      status: 429,
      headers: { 'x-quota': '{{limit|500}}' },
      body: { error: '{{plan}} allows {{limit|500}}' },
    },
  }
  expect(await served(scene, 'rules')).toEqual([rule])
  expect(await served(scene, 'config')).toMatchObject({
    user_rules: {
      ada: [{ rules: 'free-plan', values: { plan: 'Free', limit: '1000' } }],
      bob: [{ rules: 'free-plan' }],
    },
  })

  const call = { uri: '/orders/7', userId: 'bob' }
  const { response } = await scene.mock.application('shop').tryIt(call)
  expect(response).toMatchObject({
    headers: { 'x-quota': '500' },
    body: '{"error":"UNKNOWN allows 500"}',
  })

  const toggle = page.getByRole('switch', { name: 'Free plan is on' })
  await toggle.uncheck()
  await expect.poll(() => served(scene, 'rules')).toEqual([])
  await scene.reload()
  await expect.poll(() => toggle.isChecked()).toBe(false)
  await page.getByText('A rule that is off is kept in this browser only').waitFor()
  await toggle.check()
  await expect.poll(() => served(scene, 'rules')).toEqual([rule])

  await scene.button('Delete…').click()
  await scene.button('Delete').last().click()
  await page.getByText('No rules: every call passes').waitFor()
  expect(await served(scene, 'config')).toMatchObject({ user_rules: NOTHING })
})

const refuses = (id: string) => ({
  _id: id,
  name: `Rule ${id}`,
  type: 'regex' as const,
  block: true,
  response: { status: 429 },
})

test('a rule is switched at once, keeps its place among the others, and is set back when the mock refuses', async () => {
  await using scene = await openScene({
    context: { viewport: { width: 375, height: 720 } },
    before: (it) => it.mock.application('shop').rules.put(['a', 'b', 'c'].map(refuses)),
    address: '?view=rules&app=shop',
  })
  const { page } = scene
  // What stands below takes none of its height, and the view that is open is in sight.
  const table = page.getByRole('table', { name: 'Rules' })
  await table.waitFor()
  const place = table.locator('..')
  const hidden = await place.evaluate((it) => it.scrollHeight - it.clientHeight)
  expect(hidden).toBe(0)
  const tab = page.getByRole('navigation').getByRole('link', { name: 'Rules' })
  await expect.poll(() => tab.evaluate((it) => it.getBoundingClientRect().right)).toBeLessThan(376)

  const toggle = (id: string) => page.getByRole('switch', { name: `Rule ${id} is on` })
  const shown = () => page.getByRole('table', { name: 'Rules' }).getByRole('switch').all()
  const ids = async () => ((await served(scene, 'rules')) as { _id: string }[]).map((it) => it._id)

  const held = Promise.withResolvers<void>()
  await page.route('**/_mock/rules?*', async (route) => {
    if (route.request().method() === 'PUT') await held.promise
    await route.continue()
  })
  await toggle('a').uncheck()
  await toggle('b').uncheck()
  expect(await ids()).toEqual(['a', 'b', 'c'])
  expect(await toggle('a').getAttribute('aria-busy')).toBe('true')
  held.resolve()
  await expect.poll(ids).toEqual(['c'])
  await expect.poll(() => toggle('b').getAttribute('aria-busy')).not.toBe('true')
  const names = await Promise.all((await shown()).map((one) => one.getAttribute('aria-label')))
  expect(names).toEqual(['Rule a is on', 'Rule b is on', 'Rule c is on'])

  await saveUnderAnotherId(scene, 'Rule b', 'bee')
  await expectText(page.getByRole('status').last(), /switched off/)
  expect(await ids()).toEqual(['c'])
  await toggle('b').check()
  await expect.poll(ids).toEqual(['bee', 'c'])
  await toggle('a').check()
  await expect.poll(ids).toEqual(['a', 'bee', 'c'])

  await page.unroute('**/_mock/rules?*')
  await page.route('**/_mock/rules?*', (route) =>
    route.request().method() === 'PUT'
      ? route.fulfill({ status: 503, json: { error: 'busy' } })
      : route.continue(),
  )
  await toggle('c').click()
  await page.getByText('Switching off: busy').waitFor()
  await expect.poll(() => toggle('c').isChecked()).toBe(true)
})

test('a renamed rule is switched before the list is read again', async () => {
  await using scene = await openScene({
    before: (it) => it.mock.application('shop').rules.put(['a', 'b'].map(refuses)),
    address: '?view=rules&app=shop',
  })
  const { page } = scene
  const read = Promise.withResolvers<void>()
  let written = false
  await page.route('**/_mock/rules?*', async (route) => {
    if (route.request().method() === 'PUT') written = true
    else if (written) await read.promise
    await route.continue()
  })

  await saveUnderAnotherId(scene, 'Rule b', 'bee')
  await page.getByText('Saved Rule b').waitFor()
  await page.getByRole('switch', { name: 'Rule b is on' }).uncheck()
  read.resolve()

  await expect.poll(() => served(scene, 'rules')).toMatchObject([{ _id: 'a' }])
  await expectText(page.getByRole('row', { name: /Rule b/ }), 'bee')
})

test('a rule that another tool made keeps what this page does not know of it', async () => {
  const made = {
    _id: 'r1',
    type: 'regex',
    block: false,
    priority: 7,
    variables: [{ name: 'plan', path: 'body.plan' }],
    response: { headers: { 'x-mark': 'old' } },
  }
  await using scene = await openScene({
    before: (it) => it.mock.application('shop').rules.put([made]),
    address: '?view=rules&app=shop',
  })
  await scene.button('Edit').click()
  const form = scene.page.getByRole('form', { name: 'Rule' })
  await form.getByLabel('Headers').fill('no header')
  await expect.poll(() => scene.button('Save rule').isDisabled()).toBe(true)
  await expectText(form.getByRole('status'), '"no header" is not a header')
  await form.getByLabel('Headers').fill('x-mark: new')
  await scene.button('Save rule').click()

  await expect
    .poll(() => served(scene, 'rules'))
    .toMatchObject([
      {
        _id: 'r1',
        priority: 7,
        variables: made.variables,
        response: { headers: { 'x-mark': 'new' } },
      },
    ])
})

test('an event that a rule refused leads to it, and the rule to its events', async () => {
  await using scene = await openScene({
    before: async (it) => {
      await it.mock
        .application('shop')
        .rules.put([
          { _id: 'quota', name: 'Quota', type: 'regex', block: true, response: { status: 429 } },
        ])
      await it.post([
        exchange({ status: 429, user: 'ada', more: { blocked_by: 'quota', weight: 4 } }),
        exchange({ user: 'bob' }),
      ])
    },
  })
  await scene.row('ada').click()
  await expectText(scene.detail.locator('.facts'), /Weight4Blocked byquota/)
  await scene.detail.locator('.facts').getByRole('link', { name: 'quota' }).click()

  const row = scene.page.getByRole('row', { name: /Quota/ })
  await row.waitFor()
  await expect.poll(() => row.getAttribute('class')).toContain('wanted')
  await row.getByRole('link', { name: 'Its events' }).click()
  await expectCount(scene.row(), 1)
  await scene.row('ada').waitFor()
})

test('opens on the application that calls come from, and keeps the chosen one in its address', async () => {
  await using scene = await openScene({
    before: async (it) => {
      await it.post([exchange()])
      await it.mock.application('shop').rules.put([refuses('shut')])
    },
    address: '?view=rules',
  })
  const { page } = scene
  await page.getByRole('row', { name: /shut/ }).waitFor()

  await page.getByLabel('Application').selectOption('every other application')
  await page.getByText('No rules: every call passes').waitFor()
  await scene.reload()
  await page.getByText('No rules: every call passes').waitFor()
})
