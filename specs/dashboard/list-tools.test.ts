import { expect, test } from 'vitest'
import { exchange, exchanges } from './exchange.ts'
import { expectCount, expectText, openScene, sharedScene, type Scene } from './scene.ts'

const fresh = sharedScene()

const head = (scene: Scene, name: string) =>
  scene.page.getByRole('columnheader', { name }).getByRole('button')

const ofPlan = (user: string, seats?: number, tenant = 'blue') =>
  exchange({
    user,
    requestHeaders: { 'x-tenant': tenant },
    ...(seats !== undefined && {
      more: { metadata: { plan: { seats } } },
      responseBody: { order: { total: `${seats} €` } },
    }),
  })

test('sorts by a column all that match, not only what is loaded, and what arrives is put in its place', async () => {
  const scene = await fresh({
    before: async (it) => {
      await it.post([exchange({ user: 'slowest', durationMs: 9000 })])
      for (let batch = 0; batch < 3; batch++)
        await it.post(exchanges(500, (n) => ({ user: `user-${n}`, durationMs: n + 1 })))
    },
  })
  await scene.row('user-499').first().waitFor()

  await head(scene, 'Duration').click()
  await expectText(scene.row().first(), /slowest.*|.*9\.00 s.*slowest/)
  await scene.post([exchange({ user: 'slower', durationMs: 9500 }), exchange({ user: 'late' })])
  await expectText(scene.row().first(), 'slower')
  await expectText(scene.row().nth(1), 'slowest')
  const sorted = await scene.page
    .getByRole('columnheader', { name: 'Duration' })
    .getAttribute('aria-sort')
  expect(sorted).toBe('descending')

  await scene.reload()
  await expectText(scene.row().first(), 'slower')
  await head(scene, 'Duration').click()
  await expectText(scene.row().first(), '1 ms')
  await head(scene, 'Duration').click()
  await expectText(scene.row().first(), 'late')
  await head(scene, 'User').click()
  await expectText(scene.row().first(), 'late')
  await scene.list.focus()
  await scene.page.keyboard.press('End')
  await expectText(scene.row().last(), 'user-499')

  await head(scene, 'Duration').click()
  await expectText(scene.row().first(), 'slower')
  await scene.list.focus()
  await scene.page.keyboard.press('End')
  await expectText(scene.row().last(), '1 ms')
  await head(scene, 'Duration').click()
  await expectText(scene.row().first(), '1 ms')
})

test('an event that is open is in sight wherever the sorting puts it, and so are the first rows once it is closed', async () => {
  await using scene = await openScene({
    ownTab: true,
    before: async (it) => {
      await it.post([ofPlan('most', 1000)])
      await it.post(exchanges(100, (n) => ({ more: { metadata: { plan: { seats: n / 2 } } } })))
    },
    address: '?sort=-metadata.plan.seats&event=1',
  })
  const { page } = scene
  await scene.detail.waitFor()
  const opened = page.locator('#event-1[aria-rowindex="2"]')
  await opened.waitFor()

  const sorting = Promise.withResolvers<void>()
  await page.route('**/_mock/events/values?*', async (route) => {
    await sorting.promise
    await route.continue()
  })
  await scene.open('?sort=-metadata.plan.seats&event=1')
  await expectText(scene.detail, 'most')
  // Not sorted yet, the event is the last of all: whatever changes the width of the list shows it there.
  await page.setViewportSize({ width: 1300, height: 900 })
  await expect.poll(() => scene.list.evaluate((list) => list.scrollTop)).toBeGreaterThan(0)
  await scene.button('Close the event').click()
  sorting.resolve()
  await opened.waitFor()
})

test('the values of a column are asked for again when the mock did not answer', async () => {
  await using scene = await openScene({ before: (it) => it.post([ofPlan('few', 9)]) })
  let failed = 0
  await scene.page.route('**/_mock/events/values?*', (route) =>
    failed++ < 3 ? route.abort() : route.continue(),
  )
  await scene.button('Columns').click()
  const name = scene.page.getByRole('textbox', { name: 'Add a column' })
  await name.fill('metadata.plan.seats')
  await name.press('Enter')
  await expectText(scene.row('few'), /9$/)
})

test('any member of metadata, headers or a body can be a column, and sort all that match, and what arrives', async () => {
  await using scene = await openScene({
    before: async (it) => {
      await it.post([ofPlan('most', 1000, 'red'), ofPlan('none')])
      for (let batch = 0; batch < 3; batch++)
        await it.post(exchanges(400, (n) => ({ more: { metadata: { plan: { seats: n / 2 } } } })))
      await it.post([ofPlan('few', 9), ofPlan('more', 10.5)])
    },
  })
  await scene.button('Columns').click()
  const name = scene.page.getByRole('textbox', { name: 'Add a column' })
  await name.fill('colour')
  await name.press('Enter')
  await expect.poll(() => name.getAttribute('aria-invalid')).toBe('true')
  await name.fill('metadata.plan.seats')
  await name.press('Enter')
  await scene.page.keyboard.press('Escape')
  await expectText(scene.row('few'), /9$/)
  await expectText(scene.row('more'), /10\.5$/)

  await head(scene, 'seats').click()
  await head(scene, 'seats').click()
  await expectText(scene.row().first(), /most.*1000$/)
  await scene.post([ofPlan('top', 2000), ofPlan('second', 1500)])
  await expectText(scene.row().first(), /top.*2000$/)
  await expectText(scene.row().nth(1), /second.*1500$/)
  await expectText(scene.row().nth(2), /most.*1000$/)

  await scene.row('most').click()
  await scene.detail.getByRole('button', { name: 'red', exact: true }).click()
  await scene.page.getByRole('menuitem', { name: 'Show as a column' }).click()
  await scene.reload()
  await scene.button('Close the event').click()
  await expectText(scene.row('most'), /1000red$/)
  await scene.button('Columns').click()
  await scene.page.getByRole('checkbox', { name: 'metadata.plan.seats' }).click()
  await expectText(scene.row('most'), /[^0]red$/)

  await scene.page.keyboard.press('Escape')
  await scene.row('most').click()
  await scene.detail.getByRole('button', { name: '"1000 €"' }).click()
  await scene.page.getByRole('menuitem', { name: 'Show as a column' }).click()
  await scene.button('Close the event').click()
  await expectText(scene.row('most'), /red1000 €$/)
  await expectText(scene.row('second'), /blue1500 €$/)
})

test('a row is a link: it opens in a tab of its own with Ctrl', async () => {
  await using scene = await openScene({
    context: {},
    before: (it) => it.post([exchange({ user: 'ada' }), exchange({ user: 'bob' })]),
    address: '?q=user:*',
  })
  await scene.row('ada').waitFor()

  const tab = await scene.tabOpenedBy(() =>
    scene.row('ada').click({ modifiers: ['ControlOrMeta'] }),
  )

  await expectText(tab.getByRole('complementary', { name: 'Event' }), 'user_idada')
  await expect.poll(() => tab.getByRole('combobox', { name: 'Query' }).inputValue()).toBe('user:*')
  await expectCount(scene.detail, 0)
})

test('the rows hold still under a pointer that moves, and under the keyboard', async () => {
  const scene = await fresh({
    before: (it) => it.post(exchanges(5, (n) => ({ user: `early-${n}` }))),
  })
  // Under a pointer that rests they move again after a while, however slow the machine is.
  const rest = new AbortController()
  const move = async (): Promise<void> => {
    for (let x = 5; !rest.signal.aborted; x = 15 - x) {
      const box = await scene.row('early-2').boundingBox()
      if (!box) throw new Error('The row has no box')
      await scene.page.mouse.move(box.x + x, box.y + 5)
    }
  }
  const moved = move()
  await expect.poll(() => scene.row('early-2').evaluate((row) => row.matches(':hover'))).toBe(true)
  await scene.post([exchange({ user: 'late-1' })])
  await scene.button('1 new').waitFor()
  rest.abort()
  await moved
  await scene.page.mouse.move(5, 5)
  await scene.row('late-1').waitFor()

  await scene.list.focus()
  await scene.page.keyboard.press('j')
  await scene.page.keyboard.press('j')
  await scene.post([exchange({ user: 'late-2' })])
  await scene.button('1 new').waitFor()
  await scene.page.keyboard.press('Escape')
  await scene.row('late-2').waitFor()
})

test('shows the date of what is not of today, and times of here or of UTC', async () => {
  const time = Date.UTC(2020, 2, 1, 12, 0, 0)
  await using scene = await openScene({
    context: { timezoneId: 'Asia/Kolkata' },
    before: async (it) => {
      await it.page.clock.setFixedTime(time)
      await it.post([
        exchange({ user: 'old', time: Date.UTC(2019, 1, 28, 12, 0, 0) }),
        exchange({ user: 'new', time }),
      ])
    },
  })
  await expectText(scene.row('new'), '17:30:00.000')
  await expectText(scene.row('old'), '2019-02-28 17:30')

  await scene.button('UTC').click()

  await expectText(scene.row('new'), '12:00:00.000')
  await expectText(scene.row('old'), '2019-02-28 12:00')
  await scene.page.getByRole('columnheader', { name: 'Time UTC' }).waitFor()
  await scene.reload()
  await expectText(scene.row('new'), '12:00:00.000')
})

test('export, import, forward and clear are beside the list', async () => {
  const scene = await fresh({
    before: (it) => it.post([exchange({ user: 'ada' }), exchange({ user: 'bob' })]),
    address: '?q=user:ada',
  })
  await expectCount(scene.row(), 1)
  await scene.button('More').click()
  const [download] = await Promise.all([
    scene.page.waitForEvent('download'),
    scene.page.getByRole('link', { name: 'Export NDJSON' }).click(),
  ])
  await scene.button('Clear all…').click()
  await scene.button('Clear').last().click()
  await scene.page.getByText('No event matches').waitFor()
  expect(await scene.mock.application('shop').count()).toBe(0)

  if (!(await scene.page.getByLabel('Import a file').isVisible()))
    await scene.button('More').click()
  await scene.page.getByLabel('Import a file').setInputFiles(await download.path())

  await scene.row('ada').waitFor()
})

test('says how many columns a narrow list has no room for', async () => {
  await using scene = await openScene({
    context: { viewport: { width: 760, height: 600 } },
    before: (it) => it.post([exchange()]),
  })
  await scene.button('Columns −2').click()

  await scene.page.getByText('2 without room').waitFor()
})
