import path from 'node:path'
import type { Vitest } from 'vitest/node'
import { LoopWatch } from './loop-watch.ts'
import { openVitest } from './open-vitest.ts'
import type { SelectedSpecs } from './spec-selection.ts'
import { endWorkers } from './worker-processes.ts'

export interface SpecRun {
  /** The spec that failed first; null when none did. */
  failed: FailedSpec | null
  /** Ended because the module was in a loop. */
  looped: boolean
}

export interface FailedSpec {
  /** By file and name. */
  name: string
  /** Null when it was not in a spec. */
  id: string | null
}

/** The specs of room `plugin` in a copy of the project, in one warm vitest. */
export class SpecRunner implements AsyncDisposable {
  readonly #root: string
  #vitest: Vitest | null = null
  #watch: LoopWatch | null = null
  /** What each file, by its path, and each spec takes without a defect, ms. */
  readonly #expected = new Map<string, number>()
  /** Of this run: what vitest says of files that it did not come to is of the run before. */
  #failed: FailedSpec | null = null

  constructor(root: string) {
    this.#root = root
  }

  /** Runs these, in this order, until one fails. */
  async run(selected: readonly SelectedSpecs[]): Promise<SpecRun> {
    const vitest = (this.#vitest ??= await this.#open())
    const [room] = vitest.projects
    const wanted = selected.map(({ file, loadMs, specs }) => {
      const absolute = path.join(this.#root, file)
      this.#expected.set(absolute, loadMs)
      for (const { id, ms } of specs) this.#expected.set(id, ms)
      return room!.createSpecification(absolute, { testIds: specs.map(({ id }) => id) })
    })
    using watch = new LoopWatch(this.#title)
    this.#watch = watch
    this.#failed = null
    try {
      vitest.state.clearErrors?.()
      const { unhandledErrors } = await vitest.runTestSpecifications(wanted, true)
      const error = unhandledErrors[0] as Error | undefined
      if (error)
        this.#failed ??= { name: `outside a spec: ${error.message.split('\n')[0]}`, id: null }
      return { failed: this.#failed, looped: watch.ended }
    } finally {
      // What is left of a pool whose workers were ended is not to be relied on.
      if (watch.ended) await this.#close()
    }
  }

  /** What runs fails then. */
  async cancel(): Promise<void> {
    await endWorkers(this.#title)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close()
  }

  async #open(): Promise<Vitest> {
    const begin = (step: string) => this.#watch?.begin(this.#expected.get(step) ?? 0)
    return await openVitest(this.#root, {
      bail: 1,
      // One that takes file after file, and ends with the run: no module of another defect is kept in it.
      maxWorkers: 1,
      title: this.#title,
      reporter: {
        onTestModuleQueued: (module) => begin(module.moduleId),
        onTestCaseReady: (test) => begin(test.id),
        onTestCaseResult: (test) => {
          begin(test.module.moduleId)
          if (test.result().state !== 'failed') return
          const name = `${path.basename(test.module.moduleId)}: ${test.name}`
          this.#failed ??= { name, id: test.id }
        },
        onTestModuleEnd: (module) => {
          if (module.state() === 'failed')
            this.#failed ??= { name: path.basename(module.moduleId), id: null }
        },
      },
    })
  }

  async #close(): Promise<void> {
    const vitest = this.#vitest
    this.#vitest = null
    await vitest?.close().catch(() => {})
  }

  /** What its workers are called among the processes. */
  get #title(): string {
    return path.basename(this.#root)
  }
}
