import { test } from 'vitest'
import { walkAtRandom } from '#specs/support/random-walk/walk.ts'
import { numRuns } from './support/arbitrary-exchange.ts'
import { pluginBytes } from './support/plugin-under-test.ts'

test('the sum of events holds in ten million steps', { timeout: numRuns(3_600_000) }, async () => {
  await walkAtRandom(await pluginBytes(), numRuns(10_000_000), 1_000_000)
})
