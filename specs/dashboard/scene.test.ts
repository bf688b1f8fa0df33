import { expect, test } from 'vitest'
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
