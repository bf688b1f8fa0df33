import path from 'node:path'
import { createVitest, type Reporter, type Vitest } from 'vitest/node'

import { GivenOrder } from './given-order.ts'

/** Of what random walks and properties try in `npm test`, so much is tried for each defect: a survivor costs half the time. */
const FUZZ = '0.2'

/** They judge what builds and seeds, or how large a module is that was optimized; and one runs another filter, in a process of its own. */
const LEFT_OUT = /\/(abi|emulator-docs|generated-files|literal-bytes|seeded-defects)\.test\.ts$/

interface Options {
  reporter: Reporter
  /** Failed specs after which the run ends. */
  bail: number
  maxWorkers: number
  /** What its workers are called among the processes. */
  title: string
  /** Files in workers of their own, with a set-up file more. */
  setupFile?: string
}

/** The specs of room `plugin` in a copy of the project, in a vitest that stays open. */
export async function openVitest(
  root: string,
  { reporter, bail, maxWorkers, title, setupFile }: Options,
): Promise<Vitest> {
  // A property that fails by chance would pass for the defect's discoverer.
  process.env['FAST_CHECK_SEED'] = '1'
  process.env['FUZZ'] ??= FUZZ
  const vitest = await withoutSignals(() =>
    createVitest('test', {
      root,
      config: path.join(root, 'vitest.config.ts'),
      project: ['plugin'],
      watch: false,
      bail,
      // Two at a time on a busy machine: slow is not caught.
      testTimeout: 120_000,
      pool: 'forks',
      maxWorkers,
      sequence: { sequencer: GivenOrder },
      reporters: [reporter],
    }),
  )
  // Which a room does not take over from these options.
  for (const { config } of vitest.projects) {
    config.execArgv = [`--title=${title}`]
    if (setupFile === undefined) continue
    config.setupFiles.push(setupFile)
    config.isolate = true
  }
  return vitest
}

/** Every spec file that may see a defect, by its absolute path. */
export async function specFiles(vitest: Vitest): Promise<string[]> {
  const every = await vitest.globTestSpecifications()
  return every.map(({ moduleId }) => moduleId).filter((file) => !LEFT_OUT.test(file))
}

/** Vitest ends the process at a signal, from wherever it was opened, before anything could be said or tidied up. */
async function withoutSignals<Result>(open: () => Promise<Result>): Promise<Result> {
  const signals = ['SIGINT', 'SIGTERM'] as const
  const before = signals.map((signal) => process.listeners(signal))
  const result = await open()
  for (const [index, signal] of signals.entries())
    for (const listener of process.listeners(signal))
      if (!before[index]?.includes(listener)) process.off(signal, listener)
  return result
}
