import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { createVitest, type TestSpecification, type Vitest } from 'vitest/node'
import { GivenOrder } from './given-order.ts'

/** A worker that reports nothing for so long is in a loop that does not end: no time-out of a spec reaches it. */
const SILENCE_MS = 60_000

/** They judge what builds and seeds, not the plugin, or how large a module is that was optimized. */
const LEFT_OUT = /\/(abi|generated-files|literal-bytes|seeded-defects)\.test\.ts$/

/** Of what random walks and properties try in `npm test`, so much is tried for each defect: a survivor costs half the time. */
const FUZZ = '0.2'

export interface SpecRun {
  /** The spec that failed first, by file and name; null when none did. */
  failed: string | null
  /** Ended because a worker was silent for too long. */
  silent: boolean
  /** What each file took, ms. */
  durations: Map<string, number>
}

/** The specs of room `plugin` in a copy of the project, in one warm vitest. */
export class SpecRunner implements AsyncDisposable {
  readonly #root: string
  #vitest: Vitest | null = null
  #specifications: TestSpecification[] = []
  #lastSign = Date.now()
  /** Of this run: what vitest says of files that it did not come to is of the run before. */
  #failed: string | null = null

  constructor(root: string) {
    this.#root = root
  }

  /** Every spec file, by its path from the root. */
  async files(): Promise<string[]> {
    await this.#start()
    return this.#specifications.map((one) => this.#nameOf(one))
  }

  /** Runs these files, in this order, until one fails. */
  async run(files: readonly string[]): Promise<SpecRun> {
    const vitest = await this.#start()
    const byName = new Map(this.#specifications.map((one) => [this.#nameOf(one), one]))
    const wanted = files.flatMap((file) => byName.get(file) ?? [])
    this.#lastSign = Date.now()
    this.#failed = null
    let silent = false
    const watchdog = setInterval(() => {
      if (Date.now() - this.#lastSign < SILENCE_MS) return
      silent = true
      this.#lastSign = Date.now()
      void endWorkers(this.#title)
    }, 1000)
    try {
      vitest.state.clearErrors?.()
      const { testModules, unhandledErrors } = await vitest.runTestSpecifications(wanted, true)
      const durations = new Map(
        testModules.map((module) => [
          path.relative(this.#root, module.moduleId),
          module.diagnostic().duration + module.diagnostic().collectDuration,
        ]),
      )
      const error = unhandledErrors[0] as Error | undefined
      if (error) this.#failed ??= `outside a spec: ${error.message.split('\n')[0]}`
      return { failed: this.#failed, silent, durations }
    } finally {
      clearInterval(watchdog)
      // What is left of a pool whose workers were ended is not to be relied on.
      if (silent) await this.#stop()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stop()
  }

  async #start(): Promise<Vitest> {
    if (this.#vitest) return this.#vitest
    // A property that fails by chance would pass for the defect's discoverer.
    process.env['FAST_CHECK_SEED'] = '1'
    process.env['FUZZ'] ??= FUZZ
    const alive = () => {
      this.#lastSign = Date.now()
    }
    this.#vitest = await createVitest('test', {
      root: this.#root,
      config: path.join(this.#root, 'vitest.config.ts'),
      project: ['plugin'],
      watch: false,
      bail: 1,
      // Two at a time on a busy machine: slow is not caught.
      testTimeout: 120_000,
      pool: 'forks',
      // One that takes file after file, and ends with the run: no module of another defect is kept in it.
      maxWorkers: 1,
      sequence: { sequencer: GivenOrder },
      reporters: [
        {
          onTestModuleStart: alive,
          onTestCaseReady: alive,
          onTestCaseResult: (test) => {
            alive()
            if (test.result().state !== 'failed') return
            this.#failed ??= `${path.basename(test.module.moduleId)}: ${test.name}`
          },
          onTestModuleEnd: (module) => {
            if (module.state() === 'failed') this.#failed ??= path.basename(module.moduleId)
          },
        },
      ],
    })
    // Which a room does not take over from these options.
    for (const { config } of this.#vitest.projects) config.execArgv = [`--title=${this.#title}`]
    const every = await this.#vitest.globTestSpecifications()
    this.#specifications = every.filter(({ moduleId }) => !LEFT_OUT.test(moduleId))
    return this.#vitest
  }

  async #stop(): Promise<void> {
    const vitest = this.#vitest
    this.#vitest = null
    await vitest?.close().catch(() => {})
  }

  /** What its workers are called among the processes. */
  get #title(): string {
    return path.basename(this.#root)
  }

  #nameOf({ moduleId }: TestSpecification): string {
    return path.relative(this.#root, moduleId)
  }
}

/** The worker processes of one runner are children of this process by its title. */
async function endWorkers(title: string): Promise<void> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args='])
  for (const line of stdout.split('\n')) {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    if (Number(parent) === process.pid && command.includes(title)) {
      process.kill(Number(pid), 'SIGKILL')
    }
  }
}
