import path from 'node:path'
import { GROUPS, type Verdict } from '../sentence.ts'
import type { Judgement } from '../judge-filter.ts'
import { citation } from './rules.ts'
import { heldBySource, KINDS } from './by-source.ts'

/** A line for each group, and each failure in full. */
export function terminalReport({ wasm, level, verdicts, unjudged, durationMs }: Judgement): string {
  const failed = verdicts.filter(({ passed }) => !passed)
  const groups = GROUPS.flatMap((group) => {
    const its = verdicts.filter((verdict) => verdict.group === group)
    const passed = its.filter((verdict) => verdict.passed).length
    return its.length === 0
      ? []
      : [
          `${passed === its.length ? 'ok    ' : 'FAILED'} ${group.padEnd(22)} ${passed}/${its.length}`,
        ]
  })
  const sources = heldBySource(verdicts).map(
    ({ kind, held, all }) => `  ${`${held}/${all}`.padEnd(8)} ${KINDS[kind]}`,
  )
  const rest = unjudged === 0 ? '' : `; interrupted: ${unjudged} were not judged`
  const seconds = (durationMs / 1000).toFixed(0)
  const sum = `${verdicts.length - failed.length} of ${verdicts.length} sentences hold for ${path.basename(wasm)} (level ${level}, ${seconds} s)${rest}`
  const rests = sources.length === 0 ? [] : ['By whose rule:', ...sources, '']
  return [...failed.map(failureInFull), ...groups, '', ...rests, sum].join('\n')
}

function failureInFull({ group, says, id, expected, seen, source, evidence }: Verdict): string {
  const event =
    evidence?.event === undefined ? [] : [`  event     ${JSON.stringify(evidence.event)}`]
  const log = (evidence?.log ?? []).map((line) => `  log       ${line}`)
  const envoyLog = (evidence?.envoyLog ?? []).map((line) => `  envoy     ${line}`)
  const requests = (evidence?.requests ?? []).map((line) => `  collector ${line}`)
  return [
    `FAILED ${group}: ${says}`,
    `  expected  ${expected}`,
    `  seen      ${seen}`,
    ...event,
    ...requests,
    ...log,
    ...(envoyLog.length > 0
      ? ['  in the log of this Envoy, perhaps of another case:', ...envoyLog]
      : []),
    `  rule      ${citation(source)}`,
    `  id        ${id}`,
    '',
  ].join('\n')
}
