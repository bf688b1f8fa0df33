import type { BatchSummary } from '#mock-moesif/client/index.ts'

/** All attempts to deliver the same events, oldest first: the batch, those it repeats, and those that repeat them. */
export function attemptsOf(one: BatchSummary, known: readonly BatchSummary[]): BatchSummary[] {
  const byId = new Map([...known, one].map((batch) => [batch.id, batch]))
  const rootOf = (batch: BatchSummary): number => {
    let first = batch
    // A batch repeats an earlier one: the walk ends.
    for (;;) {
      const before = first.retryOf === null ? undefined : byId.get(first.retryOf)
      if (!before) return first.retryOf ?? first.id
      first = before
    }
  }
  const root = rootOf(one)
  return [...byId.values()]
    .filter((batch) => batch.id === root || rootOf(batch) === root)
    .sort((a, b) => a.id - b.id)
}
