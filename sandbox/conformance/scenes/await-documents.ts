import { setTimeout as sleep } from 'node:timers/promises'
import { ConditionNotMet, until } from '../../until.ts'
import type { StageListener } from '../stage/stage-listener.ts'

/** A filter may delay its first fetches at random, and workers read an answer at their next tick. */
const FETCHED_WITHIN_MS = 9_000
const TAKEN_UP_WITHIN_MS = 1_200

/** Waits until the filter has fetched these documents and had time to read them; at most 9 s for one that never does. */
export async function awaitDocuments(
  listener: StageListener,
  paths: readonly string[],
): Promise<void> {
  await until(
    async () => {
      const requests = await listener.application.requests()
      return paths.every((path) =>
        requests.some((request) => request.path === path && request.answer !== null),
      )
    },
    { what: 'The documents were not asked for', timeoutMs: FETCHED_WITHIN_MS, everyMs: 100 },
  ).catch((error: unknown) => {
    if (!(error instanceof ConditionNotMet)) throw error
  })
  await sleep(TAKEN_UP_WITHIN_MS)
}
