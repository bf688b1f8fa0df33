import { expect, inject, test } from 'vitest'
import { balance } from '#specs/support/delivery-gateway.ts'
import { soak } from '#specs/support/delivery-soak.ts'

test('receives every event of ten seconds of faults and updates', async () => {
  const result = await soak(inject('envoyRuntime'), {
    seconds: 10,
    requestsPerSecond: 200,
    faultMs: 800,
    updateMs: 3000,
  })

  expect(result.flushed).toBe(true)
  expect(result.account.dropped).toEqual({})
  expect(balance(result.account)).toBe(0)
  expect(result.account.captured).toBeGreaterThanOrEqual(result.requests)
  expect(result.received).toBe(result.account.captured)
})
