import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runVitest } from '#specs/support/vitest-process.ts'

export interface FailedSpec {
  /** From the project's root. */
  file: string
  name: string
  /** The first line of what went wrong. */
  message: string
}

export interface RunResult {
  /** How many there were. */
  specs: number
  failed: FailedSpec[]
  seconds: number
}

/** What vitest's JSON reporter writes, as far as it is read. */
interface JsonReport {
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[]
  }[]
}

/**
 * One run of the specs, files and specs in the random order that a seed gives.
 *
 * @param stop ends it, and what its specs have started
 */
export async function runOnce(
  project: string,
  options: readonly string[],
  seed: number,
  stop: AbortSignal,
): Promise<RunResult> {
  const folder = await mkdtemp(path.join(tmpdir(), 'moesif-envoy-flakes-'))
  const output = path.join(folder, 'report.json')
  const startedAt = Date.now()
  const order = ['--sequence.shuffle.tests', `--sequence.seed=${seed}`]
  const reporter = ['--reporter=json', `--outputFile=${output}`]
  try {
    await runVitest([...order, ...reporter, ...options], { stdio: 'ignore', stop })
    if (stop.aborted) return { specs: 0, failed: [], seconds: 0 }
    const report = JSON.parse(
      await readFile(output, 'utf8').catch(() => {
        throw new Error(`vitest wrote no report: does \`npx vitest run ${options.join(' ')}\` run?`)
      }),
    ) as JsonReport
    const seconds = Math.round((Date.now() - startedAt) / 1000)
    const specs = report.testResults.flatMap((file) => file.assertionResults)
    const run = specs.filter(({ status }) => status === 'passed' || status === 'failed').length
    if (run === 0 && report.testResults.every(({ status }) => status !== 'failed'))
      throw new Error(`No specs ran: is there such a room or file? ${options.join(' ')}`)
    return { specs: run, failed: failedIn(report, project), seconds }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function failedIn({ testResults }: JsonReport, project: string): FailedSpec[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const file = path.relative(project, name)
    const failed = assertionResults
      .filter((one) => one.status === 'failed')
      .map((one) => ({ file, name: one.fullName, message: withoutStack(one.failureMessages[0]) }))
    // A file that could not be loaded has no specs.
    if (status === 'failed' && failed.length === 0) {
      return [{ file, name: '(the file)', message: withoutStack(message) }]
    }
    return failed
  })
}

/** At most twenty lines: those of a property have its seed and the counterexample. */
function withoutStack(text = ''): string {
  const lines = text.split('\n')
  const stack = lines.findIndex((line) => /^\s+at /.test(line))
  return lines
    .slice(0, Math.min(stack < 0 ? lines.length : stack, 20))
    .join('\n')
    .trim()
}
