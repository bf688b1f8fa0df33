import path from 'node:path'
import type { Judgement } from '../judge-filter.ts'

/** For programs: every sentence with what was expected and seen. */
export function jsonReport({ wasm, verdicts, ...rest }: Judgement): string {
  const failed = verdicts.filter(({ passed }) => !passed).length
  const counts = { sentences: verdicts.length, passed: verdicts.length - failed, failed }
  return `${JSON.stringify({ filter: path.basename(wasm), ...rest, counts, verdicts }, null, 2)}\n`
}
