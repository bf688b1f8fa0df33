import path from 'node:path'
import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { checkPlugin } from '../cli/check-plugin.ts'
import { Interruption } from '../cli/interruption.ts'
import { resolveRuntime, type Runtime } from '../envoy/runtime.ts'
import { scenesToJudge } from './asked-scenes.ts'
import { NOT_JUDGED, type ConformanceArguments } from './command-line.ts'
import { judgeFilter, type Judgement } from './judge-filter.ts'
import { checkReportFiles, writeReports } from './report-files.ts'
import { comparisonReport } from './reports/comparison.ts'
import { terminalReport } from './reports/terminal.ts'
import type { Scene } from './scene.ts'
import type { Verdict } from './sentence.ts'

const say = (line: string): boolean => process.stderr.write(`${line}\n`)

/** Resolves with the exit code. Whatever is wrong with the arguments is reported before anything is started. */
export async function judgeFromCommandLine(given: ConformanceArguments): Promise<number> {
  const scenes = scenesToJudge(given)
  const wasm = await checkPlugin(given.wasm, say, '--wasm')
  const compared =
    given.compare === undefined ? undefined : await checkPlugin(given.compare, say, '--compare')
  await checkReportFiles({ ...given, wasm })
  const runtime = await resolveRuntime(given.runtime, { onProgress: say })
  using interruption = new Interruption()
  const stop = new AbortController()
  const interrupted = interruption.signal.then((signal) => {
    say(`\nInterrupted (${signal}): ending what was started. Once more ends at once.`)
    stop.abort()
    return 128 + constants.signals[signal]
  })
  const judge = async (file: string): Promise<Judgement> =>
    await judgeOne(file, { level: given.level, scenes, runtime, signal: stop.signal })
  const judgement = await judge(wasm)
  const other = compared === undefined || interruption.happened ? undefined : await judge(compared)
  print(terminalReport(judgement))
  if (interruption.happened) {
    if (other) print(`\n${terminalReport(other)}`)
    const reports = [given.json, given.junit, given.html].filter((file) => file !== undefined)
    if (reports.length > 0) say(`Not written, as it would be a part only: ${reports.join(', ')}`)
    return await interrupted
  }
  if (other) print(`\n${comparisonReport(judgement, other)}`)
  const failures = await writeReports(given, judgement, other)
  for (const failure of failures) say(failure)
  if (failures.length > 0) return NOT_JUDGED
  return judgement.verdicts.every(({ passed }) => passed) ? 0 : 1
}

const print = (text: string): boolean => process.stdout.write(`${text}\n`)

async function judgeOne(
  wasm: string,
  options: { level: Judgement['level']; scenes: Scene[]; runtime: Runtime; signal: AbortSignal },
): Promise<Judgement> {
  say(`Judging ${path.basename(wasm)} in Envoy (${options.runtime.name})`)
  const judged = judgeFilter(wasm, { ...options, onScene: sayScene })
  if (options.runtime.name === 'container') {
    const { signal } = options
    signal.addEventListener('abort', () => void removeContainersUntil(judged), { once: true })
  }
  const judgement = await judged
  if (options.signal.aborted && options.runtime.name === 'container') await removeContainers()
  return judgement
}

/** A container that does not get ready, or not end, would hold the end up. */
const PATIENCE_MS = 3_000

async function removeContainersUntil(over: Promise<unknown>): Promise<void> {
  const ended = new AbortController()
  void over.catch(() => {}).then(() => ended.abort())
  while (!ended.signal.aborted) {
    const patience = sleep(PATIENCE_MS, undefined, { signal: ended.signal })
    await patience.then(removeContainers, () => {})
  }
}

async function removeContainers(): Promise<void> {
  const { processId, removeContainersOfProcess } = await import('../envoy/reaper.ts')
  await removeContainersOfProcess(processId()).catch(() => 0)
}

function sayScene(name: string, verdicts: readonly Verdict[]): void {
  const failed = verdicts.filter(({ passed }) => !passed).length
  if (verdicts.length > 0)
    say(
      `  ${name}: ${verdicts.length} sentences, ${failed === 0 ? 'all hold' : `${failed} do not`}`,
    )
}
