import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { FailedSpec, RunResult } from './run-once.ts'

/** How the runs are made, for who reads the file later. */
interface Settings {
  runs: number
  project: string[]
  load: number
  seed: number
  passedOn: string[]
}

/** What failed how often. It is in a file after each run, so that nothing is lost with a run that is stopped. */
export class FlakeReport {
  readonly file: string
  readonly #settings: Settings
  readonly #startedAt = new Date()
  readonly #runs: (RunResult & { seed: number })[] = []

  constructor(folder: string, settings: Settings) {
    const time = this.#startedAt.toISOString().replaceAll(':', '-').slice(0, 19)
    this.file = path.join(folder, `${time}.json`)
    this.#settings = settings
  }

  /** How many runs were made to their end. */
  get made(): number {
    return this.#runs.length
  }

  get nothingFailed(): boolean {
    return this.#runs.every(({ failed }) => failed.length === 0)
  }

  async add(seed: number, result: RunResult): Promise<void> {
    this.#runs.push({ seed, ...result })
    await mkdir(path.dirname(this.file), { recursive: true })
    const whole = { startedAt: this.#startedAt, ...this.#settings, results: this.#runs }
    await writeFile(this.file, `${JSON.stringify(whole, null, 2)}\n`)
  }

  /** The worst first, each with the seeds that give its order again. */
  summary(): string {
    const failures = Map.groupBy(
      this.#runs.flatMap(({ seed, failed }) => failed.map((spec) => ({ seed, spec }))),
      ({ spec }) => `${spec.file} > ${spec.name}`,
    )
    const { runs } = this.#settings
    const lines = [...failures]
      .sort(([, a], [, b]) => b.length - a.length)
      .map(([key, its]) => lineOf(key, its, this.made))
    const made = this.made < runs ? `${this.made} of ${runs} runs were made` : `${runs} runs`
    const seconds = this.#runs.map((run) => run.seconds)
    const time =
      seconds.length > 0 ? `, ${Math.min(...seconds)} to ${Math.max(...seconds)} s each` : ''
    const sum = failures.size === 0 ? 'nothing failed' : `${failures.size} specs failed`
    return [...lines, `${made}${time}, ${sum}.`].join('\n')
  }
}

function lineOf(
  key: string,
  failures: readonly { seed: number; spec: FailedSpec }[],
  runs: number,
): string {
  const seeds = failures.map(({ seed }) => seed).join(', ')
  const message = failures[0]?.spec.message.replaceAll('\n', '\n  ')
  return `${failures.length}/${runs} ${key}\n  ${message}\n  seeds ${seeds}`
}
