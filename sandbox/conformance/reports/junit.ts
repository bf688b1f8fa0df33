import path from 'node:path'
import reports, { type Builder } from 'junit-report-builder'
import { GROUPS } from '../sentence.ts'
import type { Judgement } from '../judge-filter.ts'
import { heldBySource } from './by-source.ts'
import { citation, readRules } from './rules.ts'

/** For CI: a suite for each group, a case for each sentence. */
export async function junitReport({ wasm, level, verdicts }: Judgement): Promise<string> {
  const rules = new Map(
    (await readRules(verdicts.map(({ source }) => source))).map(({ url, text }) => [url, text]),
  )
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
    for (const { kind, held, all } of heldBySource(its))
      suite.property(`by rules of ${kind}`, `${held} of ${all} hold`)
    for (const { id, says, passed, expected, seen, source } of its) {
      const one = suite.testCase().className(`conformance.${id}`).name(says)
      if (passed) continue
      one.failure(`expected ${expected}, seen ${seen}`, id)
      one.standardError(['rule: ' + citation(source), rules.get(source.url) ?? ''].join('\n'))
    }
  }
  return builder.build()
}
