import { expect, test } from 'vitest'
import { soak } from './support/soak.ts'

test('keeps memory flat over a million exchanges', async () => {
  const { emulator, pagesEarly, pagesLate, uniqueEvents } = await soak(1_000_000)

  expect(emulator.traps).toEqual([])
  expect(pagesLate).toBe(pagesEarly)
  expect(uniqueEvents).toBe(1_000_000)
})
