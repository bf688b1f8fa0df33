import { expect, test } from 'vitest'
import { walkAtRandom } from '#specs/support/random-walk/walk.ts'
import { numRuns } from './support/arbitrary-exchange.ts'
import { pluginBytes } from './support/plugin-under-test.ts'

test(
  'the sum of events holds in ten million steps',
  { timeout: 3_600_000 * Math.max(1, Number(process.env['FUZZ'] ?? 1)) },
  async () => {
    const steps = numRuns(10_000_000)
    const { captured, sent, dropped } = await walkAtRandom(await pluginBytes(), steps, 1_000_000)

    expect(captured).toBeGreaterThan(steps)
    expect(sent).toBeGreaterThan(captured / 10)
    expect(dropped).toBeGreaterThan(captured / 100)
  },
)
