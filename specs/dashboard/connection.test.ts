import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startMockMoesif } from '#mock-moesif/index.ts'
import { exchange, exchanges } from './exchange.ts'
import { expectCount, expectText, openScene, postEvents } from './scene.ts'

const users = (texts: string[]) => texts.map((text) => /user-[a-z]-\d+/.exec(text)?.[0])

test('a restarted mock with a database: no row is lost, none is doubled', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'dashboard-'))
  const db = join(directory, 'events.db')
  await using scene = await openScene({
    mock: { db },
    before: (it) => it.post(exchanges(5, (n) => ({ user: `user-a-${n}` }))),
  })
  await expectCount(scene.row(), 5)
  const { port, url } = scene.mock

  await scene.mock.stop()
  await scene.page.getByText('Disconnected.').waitFor()
  await expectCount(scene.row(), 5)
  await using again = await startMockMoesif({ db, port })
  await postEvents(
    url,
    exchanges(3, (n) => ({ user: `user-b-${n}` })),
    'shop',
  )
  await scene.page.getByText('Live', { exact: true }).waitFor()
  await postEvents(
    again.url,
    exchanges(2, (n) => ({ user: `user-c-${n}` })),
    'shop',
  )

  await scene.row('user-c-1').waitFor()
  expect(users(await scene.row().allTextContents())).toEqual([
    'user-c-1',
    'user-c-0',
    'user-b-2',
    'user-b-1',
    'user-b-0',
    'user-a-4',
    'user-a-3',
    'user-a-2',
    'user-a-1',
    'user-a-0',
  ])
  await expectText(scene.page.locator('.list-count'), '10 events')
  await again.stop()
  await rm(directory, { recursive: true })
})

test('a restarted mock without a database: what is gone is shown no more', async () => {
  await using scene = await openScene({
    before: (it) => it.post(exchanges(5, (n) => ({ user: `user-a-${n}` }))),
  })
  await expectCount(scene.row(), 5)
  const { port } = scene.mock

  await scene.mock.stop()
  await scene.page.getByText('Disconnected.').waitFor()
  await expect.poll(() => scene.page.title()).toContain('⚠')
  await using again = await startMockMoesif({ port })
  await postEvents(
    again.url,
    exchanges(7, (n) => ({ user: `user-b-${n}` })),
    'shop',
  )

  await expectCount(scene.row('user-a'), 0)
  await expectCount(scene.row('user-b'), 7)
})

test('what arrived while the connection was lost is there when it is back, and only that is sent', async () => {
  await using scene = await openScene({
    unreliable: true,
    before: (it) => it.post(exchanges(5, (n) => ({ user: `user-a-${n}` }))),
    address: '?q=user:user-*',
  })
  await expectCount(scene.row(), 5)
  const asked: string[] = []
  scene.network.cut()
  await scene.page.getByText('Disconnected.').waitFor()
  await scene.post(exchanges(2, (n) => ({ user: n === 0 ? 'other' : 'user-b-1' })))
  scene.page.on('request', (request) => asked.push(request.url()))
  scene.network.restore()

  await scene.row('user-b-1').waitFor()

  await expectCount(scene.row(), 6)
  await expectText(scene.page.locator('.list-count'), '6 events')
  expect(asked.filter((url) => /\/(events|batches|requests)\?/.test(url))).toEqual([])
  expect(asked.some((url) => url.includes('/events/stream?after=5&'))).toBe(true)
})

test('what was deleted while the connection was lost is gone when it is back', async () => {
  await using scene = await openScene({
    unreliable: true,
    before: async (it) => {
      await it.post([exchange({ user: 'kept' })], 'keeps')
      await it.post([exchange({ user: 'gone' })], 'goes')
    },
  })
  await expectCount(scene.row(), 2)
  const deleteWhileLost = async (deletion: () => Promise<unknown>) => {
    scene.network.cut()
    await scene.page.getByText('Disconnected.').waitFor()
    await deletion()
    scene.network.restore()
  }

  await deleteWhileLost(() => scene.mock.application('goes').reset())
  await scene.row('gone').waitFor({ state: 'detached' })
  await expectCount(scene.row('kept'), 1)
  await deleteWhileLost(async () => {
    await scene.mock.resetAll()
    await scene.post([exchange({ user: 'next' })])
  })

  await scene.row('kept').waitFor({ state: 'detached' })
  await expectCount(scene.row('next'), 1)
})

test('more missed than is sent again: the list is read anew', async () => {
  await using scene = await openScene({
    unreliable: true,
    before: (it) => it.post([exchange({ user: 'first' })]),
  })
  await scene.row('first').waitFor()
  scene.network.cut()
  await scene.page.getByText('Disconnected.').waitFor()
  for (let batch = 0; batch < 6; batch++)
    await scene.post(exchanges(1000, (n) => ({ user: `late-${batch * 1000 + n}` })))
  scene.network.restore()

  await scene.row('late-5999').waitFor()
  await expectText(scene.page.locator('.list-count'), /^6.001 events$/)
  await scene.list.focus()
  // The end is that of the rows which are here: others may still come.
  await expect
    .poll(async () => {
      await scene.page.keyboard.press('End')
      return await scene.row('first').isVisible()
    })
    .toBe(true)
})

test('a silent connection is reported after two heartbeats that did not come', async () => {
  await using scene = await openScene({
    unreliable: true,
    context: {},
    before: (it) => it.page.clock.install(),
  })
  const { clock } = scene.page
  // From here on time passes as the spec says, however long the machine takes.
  await clock.pauseAt((await scene.page.evaluate(() => Date.now())) + 10_000)
  await scene.post([exchange({ user: 'last' })])
  await expect
    .poll(async () => {
      await clock.runFor(20)
      return scene.row('last').count()
    })
    .toBe(1)

  scene.network.silence()
  await clock.fastForward(29_000)
  await scene.page.getByText('Live', { exact: true }).waitFor()
  await clock.fastForward(1000)
  await scene.page.getByText('Disconnected.').waitFor()

  scene.network.restore()
  await clock.resume()
  await clock.fastForward(31_000)
  await clock.fastForward(2000)
  await scene.page.getByText('Live', { exact: true }).waitFor()
})

test('a query that can not be asked shows no rows of another', async () => {
  await using scene = await openScene({
    unreliable: true,
    before: (it) => it.post([exchange({ user: 'ada' }), exchange({ user: 'bob' })]),
  })
  await expectCount(scene.row(), 2)
  scene.network.cut()
  await scene.page.getByText('Disconnected.').waitFor()

  await scene.query.fill('user:bob')
  await scene.page.getByText('The list could not be read').waitFor()
  await expectCount(scene.row(), 0)

  scene.network.restore()
  await scene.row('bob').waitFor()
  await expectCount(scene.row(), 1)
})

test('what could not be read while the mock was away is read when it is back', async () => {
  await using scene = await openScene({
    unreliable: true,
    before: (it) => it.post([exchange({ uri: '/ada' }), exchange({ uri: '/bob' })]),
  })
  await scene.row('/ada').click()
  await scene.detail.getByRole('heading', { name: 'Event 1' }).waitFor()
  scene.network.cut()
  await scene.page.getByText('Disconnected.').waitFor()
  await scene.row('/bob').click()
  await scene.detail.getByText('The mock does not answer').waitFor()
  scene.network.restore()
  await scene.detail.getByRole('heading', { name: 'Event 2' }).waitFor()

  await scene.page.getByText('Live', { exact: true }).waitFor()
  scene.network.cut()
  await scene.page.getByText('Disconnected.').waitFor()
  await scene.go('?view=batches&batch=1')
  await scene.page.getByText('The mock does not answer').waitFor()
  await scene.go('?view=rules&app=shop')
  scene.network.restore()
  await scene.page.getByText('No rules: every call passes').waitFor()
})

const PARTS = /\/assets\/rest-.*\.js$/

test('a part of the page whose first reading is broken off is read again', async () => {
  await using scene = await openScene({
    before: async (it) => {
      await it.page.route(PARTS, (route) => route.abort('failed'), { times: 1 })
      await it.post([exchange({ uri: '/ada' })])
    },
  })

  await scene.row('/ada').click()
  await scene.detail.getByRole('heading', { name: 'Event 1' }).waitFor()
  expect(scene.errors).toHaveLength(1)
})

test('a part of the page that could not be loaded is loaded once the mock is back', async () => {
  await using scene = await openScene({
    unreliable: true,
    before: async (it) => {
      await it.page.route(PARTS, (route) => route.abort('failed'))
      await it.post([exchange({ uri: '/ada' })])
    },
  })
  await scene.row('/ada').click()
  await scene.page.getByText('this part could not be loaded').waitFor()
  scene.network.cut()
  await scene.page.getByText('Disconnected.').waitFor()
  await scene.page.unroute(PARTS)

  scene.network.restore()
  await scene.detail.getByRole('heading', { name: 'Event 1' }).waitFor()
  expect(await scene.page.getByText('could not be loaded').count()).toBe(0)
})
