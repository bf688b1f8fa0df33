import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { createVitest, type TestSpecification, type Vitest } from 'vitest/node'

/** A worker that reports nothing for so long is in a loop that does not end: no time-out of a spec reaches it. */
const SILENCE_MS = 45_000

export interface SpecRun {
  /** The spec that failed first, by file and name; null when none did. */
  failed: string | null
  /** Ended because a worker was silent for too long. */
  silent: boolean
}

/** The specs of room `plugin` in a copy of the project, in one warm vitest. */
export class SpecRunner implements AsyncDisposable {
  readonly #root: string
  #vitest: Vitest | null = null
  #specifications: TestSpecification[] = []
  #lastSign = Date.now()

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
    let silent = false
    const watchdog = setInterval(() => {
      if (Date.now() - this.#lastSign < SILENCE_MS) return
      silent = true
      this.#lastSign = Date.now()
      void endWorkers()
    }, 1000)
    try {
      vitest.state.clearErrors?.()
      const { testModules, unhandledErrors } = await vitest.runTestSpecifications(wanted, true)
      for (const module of testModules) {
        for (const test of module.children.allTests('failed')) {
          return { failed: `${path.basename(module.moduleId)}: ${test.name}`, silent }
        }
        if (module.state() === 'failed') return { failed: path.basename(module.moduleId), silent }
      }
      const error = unhandledErrors[0] as Error | undefined
      return { failed: error ? `outside a spec: ${error.message.split('\n')[0]}` : null, silent }
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
    const alive = () => {
      this.#lastSign = Date.now()
    }
    this.#vitest = await createVitest('test', {
      root: this.#root,
      config: path.join(this.#root, 'vitest.config.ts'),
      project: ['plugin'],
      watch: false,
      bail: 1,
      pool: 'forks',
      reporters: [{ onTestCaseReady: alive, onTestCaseResult: alive, onTestModuleStart: alive }],
    })
    this.#specifications = await this.#vitest.globTestSpecifications()
    return this.#vitest
  }

  async #stop(): Promise<void> {
    const vitest = this.#vitest
    this.#vitest = null
    await vitest?.close().catch(() => {})
  }

  #nameOf({ moduleId }: TestSpecification): string {
    return path.relative(this.#root, moduleId)
  }
}

/** The worker processes of this very process: they are children of it that run vitest. */
async function endWorkers(): Promise<void> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args='])
  for (const line of stdout.split('\n')) {
    const [, pid, parent, command = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []
    if (Number(parent) === process.pid && /\bvitest\//.test(command)) {
      process.kill(Number(pid), 'SIGKILL')
    }
  }
}
