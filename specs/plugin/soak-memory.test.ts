import { expect, test } from 'vitest'
import { soak } from './support/soak.ts'

test('keeps memory flat over 20,000 exchanges', async () => {
  const { emulator, pagesEarly, pagesLate, uniqueEvents } = await soak(20_000)

  expect(emulator.traps).toEqual([])
  expect(pagesLate).toBe(pagesEarly)
  expect(uniqueEvents).toBe(20_000)
})
