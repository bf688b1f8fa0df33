import path from 'node:path'
import { disagreements, eventDifferences, pairsOf } from '../compare-judgements.ts'
import type { Judgement } from '../judge-filter.ts'

/** For programs: every sentence with what was expected and seen; of a second filter, too. */
export function jsonReport(judgement: Judgement, other?: Judgement): string {
  return `${JSON.stringify({ ...plain(judgement), ...(other && comparison(judgement, other)) }, null, 2)}\n`
}

function plain({ wasm, verdicts, ...rest }: Judgement): object {
  const failed = verdicts.filter(({ passed }) => !passed).length
  const counts = { sentences: verdicts.length, passed: verdicts.length - failed, failed }
  return { filter: path.basename(wasm), ...rest, counts, verdicts }
}

function comparison(left: Judgement, right: Judgement): object {
  const different = disagreements(pairsOf(left, right)).map((pair) => ({
    id: pair.left.id,
    says: pair.left.says,
    passed: [pair.left.passed, pair.right.passed],
    seen: [pair.left.seen, pair.right.seen],
    eventDifferences: eventDifferences(pair),
  }))
  return { compared: plain(right), different }
}
