import { inject, test } from 'vitest'
import { expectAllReceived, soak } from '#specs/support/delivery-soak.ts'

test('receives every event of five minutes of faults and updates', async () => {
  const result = await soak(inject('envoyRuntime'), {
    seconds: 300,
    requestsPerSecond: 500,
    faultMs: 3000,
    updateMs: 20_000,
  })

  console.log(JSON.stringify(result))
  expectAllReceived(result)
})
