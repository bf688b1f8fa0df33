import { expect, test } from 'vitest'
import { exchange, exchanges } from './exchange.ts'
import { dragOver, expectCount, expectText, openScene, sharedScene } from './scene.ts'

const fresh = sharedScene()

test('an event appears when it arrives, newest first', async () => {
  const scene = await fresh()
  await scene.page.getByText('Waiting for the first event').waitFor()

  await scene.post([exchange({ uri: 'https://api.example.com/first' })])
  await scene.row('/first').waitFor()
  await scene.post([
    exchange({
      verb: 'POST',
      uri: 'https://api.example.com/second',
      status: 503,
      user: 'ada',
      company: 'acme',
    }),
  ])
  await scene.row('/second').waitFor()

  await expectText(scene.row().first(), /POST.*\/second.*503.*12 ms.*ada.*acme.*shop/)
  await expectCount(scene.row(), 2)
})

test('an empty list says how to send an event, and the command works', async () => {
  const scene = await fresh()
  const line = await scene.page.locator('.empty pre').textContent()
  expect(line).toContain(`curl ${scene.mock.url}/v1/events/batch`)

  const { execFile } = await import('node:child_process')
  const { promisify } = await import('node:util')
  await promisify(execFile)('sh', ['-c', `${line} -sS`])

  await scene.row('/hello').waitFor()
  await expectText(scene.row().first(), /GET.*\/hello.*200/)
})

test('nothing moves while an event is open, and a pill counts what came', async () => {
  const scene = await fresh({
    before: (it) => it.post(exchanges(30, (n) => ({ user: `early-${n}` }))),
  })
  await scene.row('early-29').click()
  await scene.detail.waitFor()
  // The last rows come and go with the height of what is above the list, and columns with its width.
  const first = async () =>
    (await scene.row().evaluateAll((rows) => rows.map(({ id }) => id))).slice(0, 20)
  const before = await first()

  await scene.post(exchanges(12, (n) => ({ user: `late-${n}` })))
  await scene.button('12 new').waitFor()
  expect(await first()).toEqual(before)

  await scene.page.keyboard.press('Escape')
  await scene.row('late-11').waitFor()
  await expectCount(scene.button(/new$/), 0)
})

test('nothing moves while the list is scrolled, and the pill goes back to the newest', async () => {
  const scene = await fresh({
    before: (it) => it.post(exchanges(200, (n) => ({ user: `early-${n}` }))),
  })
  await scene.row('early-199').waitFor()
  await scene.list.evaluate((list) => list.scrollTo({ top: 2800 }))
  await scene.row('early-95').waitFor()
  await scene.post(exchanges(3, (n) => ({ user: `late-${n}` })))

  await scene.button('3 new').click()

  await scene.row('late-2').waitFor()
  await expect.poll(() => scene.list.evaluate((list) => list.scrollTop)).toBe(0)
})

test('what arrives as soon as scrolled rows are drawn does not move them', async () => {
  const scene = await fresh({
    before: (it) => it.post(exchanges(200, (n) => ({ user: `early-${n}` }))),
  })
  await scene.row('early-199').waitFor()
  const { page } = scene
  const browser = await page.context().newCDPSession(page)
  // Slow enough that an answer comes before the next frame.
  await browser.send('Emulation.setCPUThrottlingRate', { rate: 12 })
  await page.exposeFunction('post', () => scene.post(exchanges(3, () => ({ user: 'late' }))))
  await page.evaluate(() => {
    const list = document.querySelector('[role=grid]')!
    const drawn = new MutationObserver(() => {
      if (!list.textContent.includes('early-95')) return
      drawn.disconnect()
      void (window as unknown as { post: () => unknown }).post()
    })
    drawn.observe(list, { childList: true, subtree: true, characterData: true })
    list.scrollTo({ top: 2800 })
  })

  await scene.button('3 new').waitFor()

  await scene.row('early-95').waitFor()
  await browser.detach()
})

test('pause holds the list until it is resumed', async () => {
  const scene = await fresh({ before: (it) => it.post([exchange({ user: 'before' })]) })
  await scene.row('before').waitFor()
  await scene.button('Pause').click()
  await scene.page.getByText('Paused').waitFor()
  await scene.post([exchange({ user: 'after' })])
  await scene.button('1 new').waitFor()
  await expectCount(scene.row(), 1)

  await scene.button('Resume').click()

  await scene.row('after').waitFor()
  await scene.page.getByText('Live', { exact: true }).waitFor()
})

test('only the rows in sight are in the document, and older ones come while scrolling', async () => {
  const scene = await fresh({
    before: async (it) => {
      for (let batch = 0; batch < 5; batch++)
        await it.post(exchanges(500, (n) => ({ user: `user-${batch * 500 + n}` })))
    },
  })
  await scene.row('user-2499').waitFor()
  await expectText(scene.page.locator('.list-count'), /2.500 events/)
  expect(await scene.row().count()).toBeLessThan(60)

  await scene.list.focus()
  await scene.page.keyboard.press('End')
  await scene.row(/user-0\b/).waitFor()
  expect(await scene.row().count()).toBeLessThan(60)
})

test('an emptied mock is not asked what it holds: what comes next stays where it is shown', async () => {
  await using scene = await openScene({ before: (it) => it.post([exchange()]) })
  await scene.row('/orders').waitFor()
  const asked: string[] = []
  await scene.page.route('**/_mock/events?*', async (route) => {
    asked.push(route.request().url())
    await route.continue()
  })

  await scene.mock.resetAll()
  for (let batch = 0; batch < 5; batch++)
    await scene.post(exchanges(500, (n) => ({ user: `user-${batch * 500 + n}` })))
  await scene.row('user-2499').waitFor()
  await scene.list.focus()
  await scene.page.keyboard.press('End')

  await scene.row(/user-0\b/).waitFor()
  expect(asked).toEqual([])
  await expectText(scene.page.locator('.list-count'), /2.500 events/)
})

test('columns can be hidden, and stay hidden', async () => {
  await using scene = await openScene({ before: (it) => it.post([exchange({ company: 'acme' })]) })
  const company = scene.page.getByRole('columnheader', { name: 'Company' })
  await company.waitFor()

  await scene.button('Columns').click()
  await scene.page.getByRole('checkbox', { name: 'Company' }).uncheck()
  await company.waitFor({ state: 'detached' })
  await scene.reload()
  await scene.row('/orders').waitFor()

  expect(await company.count()).toBe(0)
  expect(await scene.row().first().textContent()).not.toContain('acme')
})

test('the title counts bad events, and the list can be asked for them', async () => {
  const scene = await fresh({ before: (it) => it.post([exchange(), exchange()]) })
  await scene.post([{ request: { verb: 'GET' } }])

  await expect.poll(() => scene.page.title()).toBe('(1 bad) Moesif mock')
  await scene.link('1 bad').click()

  await expectCount(scene.row(), 1)
  await scene.page.getByRole('gridcell', { name: 'bad' }).waitFor()
})

test('shows how many events the bound has dropped', async () => {
  await using scene = await openScene({ mock: { maxEvents: 50 } })
  await scene.post(exchanges(80, () => ({})))

  await expectText(scene.page.locator('.list-bar'), /(?<!\d)30 dropped by the bound/)
})

test('what the bound drops leaves the list and its count', async () => {
  await using scene = await openScene({
    mock: { maxEvents: 50 },
    ownTab: true,
    before: (it) => it.post(exchanges(40, (n) => ({ user: `early-${n}` }))),
    address: '?q=user:*',
  })
  await scene.row('early-39').waitFor()
  await scene.page.clock.install()
  await scene.post(exchanges(30, (n) => ({ user: `late-${n}` })))
  await scene.row('late-29').waitFor()

  await scene.list.focus()
  await scene.page.keyboard.press('End')
  await scene.row('early-20').waitFor()
  await expectCount(scene.row('early-19'), 0)
  await expectText(scene.page.locator('.list-count'), '70 events')
  await scene.page.clock.fastForward(6000)
  await expectText(scene.page.locator('.list-count'), '50 events')
})

test('the counts of bad events and of warnings are those of the query', async () => {
  const scene = await fresh({
    before: async (it) => {
      await it.post([exchange({ user: 'ada' }), exchange({ user: 'ada', uri: '/relative' })])
      await it.post([{ request: { verb: 'GET' }, user_id: 'bob' }])
    },
  })
  await scene.link('1 bad').waitFor()

  await scene.query.fill('user:ada')
  await expectCount(scene.row(), 2)
  await expectCount(scene.link('1 bad'), 0)
  await scene.post([{ request: { verb: 'GET' }, user_id: 'ada' }])
  await scene.link('1 bad').waitFor()
  await scene.link('1 warning').click()

  await expect.poll(() => scene.query.inputValue()).toBe('user:ada warning:true')
  await expectCount(scene.row('/relative'), 1)
  await expectCount(scene.row(), 1)
})

test('rows that a query can judge by themselves are not asked for again', async () => {
  await using scene = await openScene({ address: '?q=status:>=500' })
  await scene.page.getByText('No event matches').waitFor()
  const asked: string[] = []
  scene.page.on('request', (request) => asked.push(request.url()))

  await scene.post([exchange({ status: 200 }), exchange({ status: 503, user: 'ada' })])
  await scene.row('ada').waitFor()

  await expectCount(scene.row(), 1)
  expect(asked.filter((url) => /_mock(?!\/events\/aggregate)/.test(url))).toEqual([])
})

test('a repeated transaction is marked', async () => {
  const event = exchange()
  const scene = await fresh({ before: (it) => it.post([event]) })
  await scene.post([event])

  await scene.row('again').waitFor()
  await expectCount(scene.row(), 2)
  await expectCount(scene.row('again'), 1)
})

test('dragging over the histogram asks for that time only, again and again', async () => {
  const now = Date.now()
  const scene = await fresh({
    before: (it) =>
      it.post(
        exchanges(40, (n) => ({ time: now - 60_000 + n * 1000, user: n < 20 ? 'early' : 'late' })),
      ),
  })
  await scene.row('late').first().waitFor()
  const bars = scene.page.locator('.bars')
  await bars.locator('.bar').first().waitFor()
  const ends = scene.page.locator('.histogram figcaption > span').last()
  const ended = await ends.textContent()

  await dragOver(bars, 0.01, 0.3)

  await expect.poll(() => scene.query.inputValue()).toMatch(/^time:\S+\.\.\S+$/)
  await expectCount(scene.row('late'), 0)
  await expect.poll(() => scene.row('early').count()).toBeGreaterThan(3)
  await expect.poll(() => ends.textContent()).not.toBe(ended)
  const once = await scene.row('early').count()
  expect(once).toBeLessThan(20)

  // Text that the first drag had selected would be dragged instead.
  await dragOver(bars, 0.5, 0.9)
  await expect.poll(() => scene.row('early').count()).toBeLessThan(once)
  await expect.poll(() => scene.row('early').count()).toBeGreaterThan(0)
  expect((await scene.query.inputValue()).match(/time:/g)).toHaveLength(1)
})

test('resetting an application takes its rows away', async () => {
  const scene = await fresh({
    before: async (it) => {
      await it.post([exchange({ user: 'kept' })], 'keeps')
      await it.post([exchange({ user: 'gone' })], 'goes')
    },
  })
  await scene.row('gone').waitFor()

  await scene.mock.application('goes').reset()

  await scene.row('gone').waitFor({ state: 'detached' })
  await expectCount(scene.row('kept'), 1)
})

test('rows stay in place under a pointer that rests, and move when it has left', async () => {
  await using scene = await openScene({
    context: {},
    before: (it) => it.post([exchange({ user: 'first' })]),
  })
  await scene.page.clock.install()
  await scene.row('first').hover()
  await scene.page.clock.fastForward(10_000)
  await scene.post([exchange({ user: 'second' })])

  await scene.button(/1 new/).waitFor()
  await expectCount(scene.row(), 1)
  await scene.page.mouse.move(0, 0)
  await expectCount(scene.row(), 2)
})
