import { expect, test } from 'vitest'
import { openDashboard } from '#specs/support/dashboard-page.ts'
import { openScene } from './scene.ts'

test('a page whose loading was broken off is loaded once more', async () => {
  let brokenOff = 0
  await using scene = await openScene({
    before: (it) =>
      it.page.route(
        (url) => url.href === `${it.mock.url}/`,
        async (route) => {
          brokenOff++
          await route.abort('connectionreset')
        },
        { times: 1 },
      ),
  })

  expect(brokenOff).toBe(1)
  await scene.page.getByText('Waiting for the first event').waitFor()
  expect(scene.errors).toEqual([])
})

test('a page whose loading again was broken off, or that of a tab, is loaded once more', async () => {
  await using scene = await openScene({ context: {}, address: '?view=faults' })
  const faults = { name: 'Faults' }
  let brokenOff = 0
  const breakOff = () =>
    scene.page.context().route(
      (url) => url.href === `${scene.mock.url}/?view=faults`,
      async (route) => {
        brokenOff++
        await route.abort('connectionreset')
      },
      { times: 1 },
    )

  await breakOff()
  await scene.reload()
  await scene.page.getByRole('main', faults).waitFor()
  await breakOff()
  const tab = await scene.tabOpenedBy(() =>
    scene.link('Faults').click({ modifiers: ['ControlOrMeta'] }),
  )
  await tab.getByRole('main', faults).waitFor()

  expect(brokenOff).toBe(2)
  expect(scene.errors).toEqual([])
})

test('tabs that a spec leaves open end with its scene', async () => {
  const scene = await openScene({ address: '?view=faults' })
  const tab = await scene.page.context().newPage()
  await openDashboard(tab, scene.page.url())
  await using other = await openScene()

  await scene[Symbol.asyncDispose]()

  expect(tab.isClosed()).toBe(true)
  expect(other.page.isClosed()).toBe(false)
})
