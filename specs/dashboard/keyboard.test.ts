import { expect, test } from 'vitest'
import { exchanges } from './exchange.ts'
import { expectCount, expectText, openScene, sharedScene, type Scene } from './scene.ts'

const fresh = sharedScene()

const traffic = (scene: Scene) =>
  scene.post(exchanges(100, (n) => ({ uri: `https://x.test/n${n}/` })))

const focused = (scene: Scene) =>
  scene.page.evaluate(
    () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.tagName,
  )

test('j, k and Enter walk through the events; Esc gives the focus back to the list', async () => {
  const scene = await fresh({ before: traffic })
  await scene.row('/n99/').waitFor()
  await scene.list.focus()

  await scene.page.keyboard.press('j')
  await scene.page.keyboard.press('j')
  await scene.page.keyboard.press('k')
  await scene.page.keyboard.press('j')
  await scene.page.keyboard.press('Enter')
  await expectText(scene.detail.locator('.uri-whole'), '/n98/')
  await scene.page.keyboard.press('j')
  await expectText(scene.detail.locator('.uri-whole'), '/n97/')
  await scene.page.keyboard.press('Escape')

  await scene.detail.waitFor({ state: 'detached' })
  expect(await focused(scene)).toMatch(/^Events, newest first/)
  const active = await scene.list.getAttribute('aria-activedescendant')
  await expectText(scene.page.locator(`#${active}`), '/n97/')
})

test.each(['j', 'ArrowDown'])(
  'from a freshly loaded page %s and Enter open an event',
  async (key) => {
    await using scene = await openScene({ before: traffic })
    await scene.row('/n99/').waitFor()
    expect(await focused(scene)).toBe('BODY')

    await scene.page.keyboard.press(key)
    await scene.page.keyboard.press(key)
    await scene.page.keyboard.press('Enter')

    await expectText(scene.detail.locator('.uri-whole'), '/n98/')
    expect(await focused(scene)).toMatch(/^Events, newest first/)
  },
)

test('Enter on a control is the control’s, and j after it goes on in the list', async () => {
  const scene = await fresh({ before: traffic })
  await scene.row('/n99/').waitFor()
  await scene.page.keyboard.press('j')

  await scene.button('Columns').focus()
  await scene.page.keyboard.press('Enter')
  await scene.page.getByRole('checkbox', { name: 'Company' }).waitFor()
  await expectCount(scene.detail, 0)
  await scene.page.keyboard.press('Enter')
  await scene.page.keyboard.press('j')
  await scene.page.keyboard.press('Enter')

  await expectText(scene.detail.locator('.uri-whole'), '/n98/')
})

test('arrows, Home, End and pages keep the cursor in sight', async () => {
  const scene = await fresh({ before: traffic })
  await scene.row('/n99/').waitFor()
  await scene.list.focus()

  for (const [key, at] of [
    ['ArrowDown', /n99/],
    ['ArrowDown', /n98/],
    ['ArrowUp', /n99/],
    ['PageDown', /n7\d/],
    ['End', /n0/],
    ['Home', /n99/],
  ] as const) {
    await scene.page.keyboard.press(key)
    const active = scene.list.locator('.row.active')
    await expectText(active, at)
    const [row, list] = await Promise.all([active.boundingBox(), scene.list.boundingBox()])
    expect(row?.y).toBeGreaterThanOrEqual((list?.y ?? 0) + 28)
    expect((row?.y ?? 0) + 28).toBeLessThanOrEqual((list?.y ?? 0) + (list?.height ?? 0) + 1)
  }
})

test('every view has its digit, and / goes to the query', async () => {
  const scene = await fresh({ before: traffic })
  const views = ['Events', 'Batches', 'People', 'Gateway', 'Rules', 'Faults', 'Documents']
  for (const [index, name] of [...views.entries()].toReversed()) {
    await scene.page.keyboard.press(String(index + 1))
    const current = scene.page.getByRole('navigation').locator('[aria-current=page]')
    await expectText(current, name)
  }
  await scene.page.keyboard.press('6')
  await scene.page.getByRole('main', { name: 'Faults' }).waitFor()

  await scene.page.keyboard.press('/')

  await expect.poll(() => focused(scene)).toBe('Query')
  await scene.page.keyboard.type('path:/n7')
  await expect.poll(() => scene.query.inputValue()).toBe('path:/n7')
})

test.each(['events', 'faults'])('no letter typed right after / is lost (%s)', async (view) => {
  await using scene = await openScene({ before: traffic, address: `?view=${view}` })

  const next = await scene.page.evaluate(async () => {
    const key = new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true })
    document.body.dispatchEvent(key)
    // Where a browser would send the next key: tasks come after microtasks.
    await new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel()
      port1.addEventListener('message', resolve, { once: true })
      port1.start()
      port2.postMessage('')
    })
    return document.activeElement?.getAttribute('aria-label')
  })

  expect(next).toBe('Query')
})

test('? lists the keys, Esc closes the list and the focus is where it was', async () => {
  const scene = await fresh({ before: traffic })
  await scene.row('/n99/').waitFor()
  await scene.list.focus()

  await scene.page.keyboard.press('?')
  const dialog = scene.page.getByRole('dialog', { name: 'Keys' })
  await dialog.waitFor()
  await expectText(dialog, /j.*k.*Next, previous event/)
  await scene.page.keyboard.press('Escape')

  await dialog.waitFor({ state: 'hidden' })
  expect(await focused(scene)).toMatch(/^Events, newest first/)
  await expectCount(scene.row('/n99/'), 1)
})

test('t goes through the themes, and the choice is remembered', async () => {
  await using scene = await openScene({ context: { colorScheme: 'light' } })
  const ground = () => scene.page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const light = await ground()

  await scene.page.keyboard.press('t')
  await scene.button('Theme: light').waitFor()
  expect(await ground()).toBe(light)
  await scene.page.keyboard.press('t')
  await scene.button('Theme: dark').waitFor()
  const dark = await ground()
  expect(dark).not.toBe(light)
  await scene.reload()

  await scene.button('Theme: dark').waitFor()
  expect(await ground()).toBe(dark)
})

test('auto follows the system', async () => {
  await using scene = await openScene({ context: { colorScheme: 'dark' } })
  const ground = () => scene.page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  const dark = await ground()

  await scene.page.emulateMedia({ colorScheme: 'light' })

  await expect.poll(ground).not.toBe(dark)
})

test('the focus is never lost when what had it goes', async () => {
  const scene = await fresh({ before: traffic })
  await scene.query.fill('path:/n7/')
  await expectCount(scene.row(), 1)
  await scene.button('Clear the query').focus()
  await scene.page.keyboard.press('Enter')
  await expect.poll(() => focused(scene)).toMatch(/^Events, newest first/)

  await scene.page.keyboard.press('6')
  await scene.button(/^Outage/).click()
  await scene.button('Remove: answer 503').focus()
  await scene.page.keyboard.press('Enter')
  await expect.poll(() => focused(scene)).toBe('Faults')
})
