import { expect, test } from 'vitest'
import { playWalk } from '#specs/support/random-walk/play-walk.ts'
import type { Step } from '#specs/support/random-walk/steps.ts'
import { walkAtRandom } from '#specs/support/random-walk/walk.ts'
import { numRuns } from './support/arbitrary-exchange.ts'
import { pluginBytes } from './support/plugin-under-test.ts'

// In four parts: a second or two each, and each has its own walk.
test.each([1, 2, 3, 4])(
  'the sum of events holds after each step of a random walk, part %i of 4',

  async (part) => {
    const steps = numRuns(25_000)
    const seed = part * 1_000_000
    const { captured, sent, dropped } = await walkAtRandom(await pluginBytes(), steps, seed)

    expect(captured).toBeGreaterThan(steps)
    expect(sent).toBeGreaterThan(captured / 10)
    expect(dropped).toBeGreaterThan(captured / 100)
  },
)

// Found by the tests above in a build that counted an event twice for which older ones were dropped without effect.
test('the sum of events holds where drop_oldest finds no room', async () => {
  const options = { batch_max_wait: 50, queue_max_bytes: 30_000, retry_max_age: 10_000 }
  const steps: Step[] = [
    { answerAlways: { status: 201, delayMs: 900 } },
    {
      configure: {
        batch_max_size: 2,
        batch_max_wait: 5000,
        batch_max_bytes: 30_000,
        queue_max_bytes: 30_000,
        queue_overflow: 'drop_oldest',
      },
      vmId: 'one',
    },
    { exchanges: 5, worker: 1, bytes: 700 },
    { exchanges: 5, worker: 1, bytes: 0 },
    { exchanges: 2, worker: 1, bytes: 20_000 },
  ]

  expect(await playWalk(await pluginBytes(), { options, steps })).toBeNull()
})
