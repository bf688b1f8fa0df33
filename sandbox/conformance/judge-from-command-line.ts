import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { checkPlugin } from '../cli/check-plugin.ts'
import { resolveRuntime, type Runtime } from '../envoy/runtime.ts'
import type { ConformanceArguments } from './command-line.ts'
import { judgeFilter, type Judgement } from './judge-filter.ts'
import { comparisonReport } from './reports/comparison.ts'
import { htmlReport } from './reports/html.ts'
import { jsonReport } from './reports/json.ts'
import { junitReport } from './reports/junit.ts'
import { terminalReport } from './reports/terminal.ts'
import { SCENES } from './scenes/index.ts'
import type { Verdict } from './sentence.ts'

const say = (line: string): boolean => process.stderr.write(`${line}\n`)

/** Resolves with the exit code. Whatever is wrong with the files is reported before anything is started. */
export async function judgeFromCommandLine(given: ConformanceArguments): Promise<number> {
  const wasm = await checkPlugin(given.wasm, say, '--wasm')
  const runtime = await resolveRuntime(given.runtime, { onProgress: say })
  const compared =
    given.compare === undefined ? undefined : await checkPlugin(given.compare, say, '--compare')
  const judgement = await judge(wasm, given, runtime)
  const other = compared === undefined ? undefined : await judge(compared, given, runtime)
  if (given.json !== undefined) await writeFile(given.json, jsonReport(judgement, other))
  if (given.junit !== undefined) await writeFile(given.junit, junitReport(judgement))
  if (given.html !== undefined) await writeFile(given.html, await htmlReport(judgement, other))
  process.stdout.write(`${terminalReport(judgement)}\n`)
  if (other) process.stdout.write(`\n${comparisonReport(judgement, other)}\n`)
  return judgement.verdicts.every(({ passed }) => passed) ? 0 : 1
}

async function judge(
  wasm: string,
  { level, scene }: ConformanceArguments,
  runtime: Runtime,
): Promise<Judgement> {
  const scenes = SCENES.filter(({ name }) => scene?.includes(name) ?? true)
  say(`Judging ${path.basename(wasm)} in Envoy (${runtime.name})`)
  return await judgeFilter(wasm, { level, runtime, scenes, onScene: sayScene })
}

function sayScene(name: string, verdicts: readonly Verdict[]): void {
  const failed = verdicts.filter(({ passed }) => !passed).length
  if (verdicts.length > 0)
    say(
      `  ${name}: ${verdicts.length} sentences, ${failed === 0 ? 'all hold' : `${failed} do not`}`,
    )
}
