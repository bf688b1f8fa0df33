import path from 'node:path'
import { heldBySource } from './by-source.ts'
import { disagreements, eventDifferences, namesOf, pairsOf } from '../compare-judgements.ts'
import type { Judgement } from '../judge-filter.ts'
import { readRules } from './rules.ts'

/** For programs: every sentence with what was expected and seen; of a second filter, too; the cited rules of this project. */
export async function jsonReport(judgement: Judgement, other?: Judgement): Promise<string> {
  const [name, otherName] = other ? namesOf(judgement, other) : [path.basename(judgement.wasm)]
  const rules = await readRules(judgement.verdicts.map(({ source }) => source))
  const report = {
    ...plain(judgement, name),
    rules: rules.map(({ url, title, text }) => ({ url, title, text })),
    ...(other && comparison(judgement, other, otherName ?? '')),
  }
  return `${JSON.stringify(report, null, 2)}\n`
}

function plain(judgement: Judgement, filter: string): object {
  const { level, envoy, startedAt, durationMs, unjudged, verdicts } = judgement
  const failed = verdicts.filter(({ passed }) => !passed).length
  const bySource = heldBySource(verdicts).map(({ kind, held, all }) => ({
    kind,
    sentences: all,
    passed: held,
  }))
  const counts = { sentences: verdicts.length, passed: verdicts.length - failed, failed, bySource }
  return { filter, level, envoy, startedAt, durationMs, unjudged, counts, verdicts }
}

function comparison(left: Judgement, right: Judgement, name: string): object {
  const different = disagreements(pairsOf(left, right)).map((pair) => ({
    id: pair.left.id,
    says: pair.left.says,
    passed: [pair.left.passed, pair.right.passed],
    seen: [pair.left.seen, pair.right.seen],
    eventDifferences: eventDifferences(pair),
  }))
  return { compared: plain(right, name), different }
}
