import { BadCall } from './bad-call.ts'

/** Longer than a person or a test waits for an answer. */
const MAX_SEARCH_MS = 30_000

/** Performs a search that is answered as a whole; cancelled when it takes too long or its client leaves. */
export async function withinTime<Result>(
  signal: AbortSignal,
  search: (signal: AbortSignal) => Promise<Result>,
  limitMs: number = MAX_SEARCH_MS,
): Promise<Result> {
  const limit = AbortSignal.timeout(limitMs)
  try {
    return await search(AbortSignal.any([signal, limit]))
  } catch (error) {
    if (signal.aborted || !limit.aborted) throw error
    throw new BadCall(
      `The search took longer than ${limitMs} ms: ask for one application, for fewer events (id:>100, age:<5m) or fewer conditions`,
      { status: 503 },
    )
  }
}
