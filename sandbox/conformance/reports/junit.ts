import path from 'node:path'
import reports, { type Builder } from 'junit-report-builder'
import { GROUPS } from '../sentence.ts'
import type { Judgement } from '../judge-filter.ts'

/** For CI: a suite for each group, a case for each sentence. */
export function junitReport({ wasm, level, verdicts }: Judgement): string {
  // @note its types are of its ES module, and Node loads the other one, whose default is the builder itself.
  const builder = (reports as unknown as Builder).newBuilder()
  for (const group of GROUPS) {
    const its = verdicts.filter((verdict) => verdict.group === group)
    if (its.length === 0) continue
    const suite = builder
      .testSuite()
      .name(group)
      .property('filter', path.basename(wasm))
      .property('level', level)
    for (const { id, says, passed, expected, seen, source } of its) {
      const one = suite.testCase().className(`conformance.${id}`).name(says)
      if (passed) continue
      one.failure(`expected ${expected}, seen ${seen}`, id)
      one.standardError(`rule: ${source.title}, ${source.url}`)
    }
  }
  return builder.build()
}
