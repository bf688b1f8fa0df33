import { test } from 'vitest'
import { drawSample, expectFair } from './support/sample.ts'

test.each([70, 34, 60, 1, 99.5])(
  'keeps %s percent of 100,000, and weights add up',
  async (rate) => {
    expectFair(await drawSample(rate, 100_000))
  },
)
