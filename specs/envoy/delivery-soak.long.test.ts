import { expect, inject, test } from 'vitest'
import { balance } from '#specs/support/delivery-gateway.ts'
import { soak } from '#specs/support/delivery-soak.ts'

test('receives every event of five minutes of faults and updates', async () => {
  const result = await soak(inject('envoyRuntime'), {
    seconds: 300,
    requestsPerSecond: 500,
    faultMs: 3000,
    updateMs: 20_000,
  })

  console.log(JSON.stringify(result))
  expect(result.flushed).toBe(true)
  expect(result.account.dropped).toEqual({})
  expect(balance(result.account)).toBe(0)
  expect(result.account.captured).toBeGreaterThanOrEqual(result.requests)
  expect(result.received).toBe(result.account.captured)
})
