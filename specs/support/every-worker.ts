import { expect, vi } from 'vitest'

/**
 * Waits until it holds nine times in a row: with every worker of Envoy, as far as that is seen from outside.
 *
 * @note for hooks, too, where `expect.poll` does not work
 */
export async function untilEveryWorker(holds: () => Promise<boolean>): Promise<void> {
  let inARow = 0
  await vi.waitFor(
    async () => {
      inARow = (await holds()) ? inARow + 1 : 0
      expect(inARow).toBeGreaterThan(8)
    },
    { timeout: 60_000, interval: 50 },
  )
}
