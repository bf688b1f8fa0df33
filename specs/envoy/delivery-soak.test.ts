import { inject, test } from 'vitest'
import { expectAllReceived, soak } from '#specs/support/delivery-soak.ts'

test('receives every event of ten seconds of faults and updates', async () => {
  const result = await soak(inject('envoyRuntime'), {
    seconds: 10,
    requestsPerSecond: 200,
    faultMs: 800,
    updateMs: 3000,
  })

  expectAllReceived(result)
})
