import { glob } from 'node:fs/promises'
import type { MutantResult } from '@stryker-mutator/api/core'
import { Stryker } from '@stryker-mutator/core'
import { UsageError } from '#sandbox/user-error.ts'
import { NOT_DRAWN, type Sample } from './sample-checker.ts'

const SOURCES = 'mock-moesif/{collector,query,store,judgement}/**/*.ts'

/** StrykerJS in a copy of the project under `.cache/`; resolves with what became of each defect that was drawn. */
export async function runStryker(
  project: string,
  sample: Sample,
  fileWith: string,
): Promise<MutantResult[]> {
  process.chdir(project)
  // A property that fails by chance would pass for the defect's discoverer.
  process.env['FAST_CHECK_SEED'] = '1'
  const files: string[] = []
  for await (const file of glob(SOURCES)) if (file.includes(fileWith)) files.push(file)
  if (files.length === 0)
    throw new UsageError(`No file of ${SOURCES} has "${fileWith}" in its path.`)
  const here = 'specs/mutate/mock'
  const results = await new Stryker({
    mutate: files.sort(),
    testRunner: 'vitest',
    checkers: ['sample'],
    plugins: [
      '@stryker-mutator/vitest-runner',
      `./${here}/sample-checker.ts`,
      `./${here}/verdict-reporter.ts`,
    ],
    vitest: { configFile: `${here}/vitest.config.ts`, related: false },
    sample,
    ignorePatterns: ['.cache', 'release', '/dist'],
    tempDirName: '.cache/stryker',
    cleanTempDir: 'always',
    // TypeScript 7 lacks the interface with which Stryker would rewrite paths in there; none of them leads out of the project.
    tsconfigFile: 'none',
    disableTypeChecks: false,
    reporters: ['verdicts'],
    concurrency: 1,
    // Of a busy machine. Loops that run mutated code are ended by Stryker long before.
    timeoutMS: 240_000,
    warnings: false,
    allowConsoleColors: false,
  }).runMutationTest()
  return results.filter(({ statusReason }) => statusReason !== NOT_DRAWN)
}
