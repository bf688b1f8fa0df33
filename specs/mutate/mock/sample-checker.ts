import { createHash } from 'node:crypto'
import path from 'node:path'
import type { CheckResult, CheckStatus } from '@stryker-mutator/api/check'
import type { Mutant, StrykerOptions } from '@stryker-mutator/api/core'

export interface Sample {
  percent: number
  seed: number
}

export const NOT_DRAWN = 'not drawn'

/** Stryker has no samples. A checker is asked about each defect before specs run: this one refuses those that are not drawn. */
class SampleChecker {
  static readonly inject = ['options'] as const
  readonly #sample: Sample

  constructor(options: StrykerOptions) {
    this.#sample = options['sample'] as Sample
  }

  async init(): Promise<void> {}

  async check(mutants: Mutant[]): Promise<Record<string, CheckResult>> {
    return Object.fromEntries(
      mutants.map((mutant) => [
        mutant.id,
        isDrawn(mutant, this.#sample)
          ? { status: 'passed' as CheckStatus.Passed }
          : { status: 'compileError' as CheckStatus.CompileError, reason: NOT_DRAWN },
      ]),
    )
  }

  async group(mutants: Mutant[]): Promise<string[][]> {
    return [mutants.map(({ id }) => id)]
  }
}

/** By what it is, not by its number: a change elsewhere changes nothing here. */
function isDrawn(mutant: Mutant, { percent, seed }: Sample): boolean {
  const { fileName, location, mutatorName, replacement } = mutant
  const key = [seed, path.basename(fileName), location, mutatorName, replacement]
  const hash = createHash('sha256').update(JSON.stringify(key)).digest()
  return hash.readUInt32BE() / 2 ** 32 < percent / 100
}

/** What Stryker looks for in a plugin. */
export const strykerPlugins = [{ kind: 'Checker', name: 'sample', injectableClass: SampleChecker }]
