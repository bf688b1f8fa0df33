/** `npm run mutate:mock [-- OPTIONS]`: see docs/testing-the-specs.md. */
import path from 'node:path'
import { newCommand } from '#sandbox/cli/command.ts'
import { UsageError } from '#sandbox/user-error.ts'
import { percentage, runCommand, wholeNumber } from '#specs/support/command.ts'
import { describeMutant } from '../mutant.ts'
import { scoreOf, tableOf, writeReport } from '../report.ts'
import { runStryker } from './run-stryker.ts'
import { verdictOf } from './stryker-verdicts.ts'

const project = path.resolve(import.meta.dirname, '../../..')

interface Options {
  percent: number
  seed: number
  file: string
  min: number
}

await runCommand(async (args) => {
  const { percent, seed, file, min } = newCommand(
    'mutate:mock',
    'Seeds defects into mock-moesif/{collector,query,store,judgement} with StrykerJS and lists those that no spec of specs/mock-moesif sees.',
  )
    .option('--percent <N>', 'of all that can be seeded, drawn in each room', percentage, 4)
    .option('--seed <N>', 'which ones: the same seed gives the same', wholeNumber(0), 1)
    .option('--file <TEXT>', 'only in files whose path has this in it', '')
    .option('--min <PERCENT>', 'exit with 1 below this score', percentage, 0)
    .parse(args, { from: 'user' })
    .opts<Options>()
  const startedAt = Date.now()
  const results = await runStryker(project, { percent, seed }, file)
  if (results.length === 0) throw new UsageError(`No defect was drawn in files with "${file}".`)
  const verdicts = results
    .map((result) => verdictOf(project, result))
    .sort((a, b) => a.mutant.file.localeCompare(b.mutant.file) || a.mutant.start - b.mutant.start)
  const page = await writeReport(
    project,
    path.join(project, '.cache/mutation/mock-moesif'),
    verdicts,
    'mock-moesif',
  )
  const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1)
  const where = path.relative(process.cwd(), page)
  console.log(`\n${tableOf(verdicts)}\n\nseed ${seed}, ${minutes} min; ${where}`)
  for (const { mutant, status, reason } of verdicts)
    if (status === 'Survived') console.log(`Survived: ${describeMutant(mutant)} (${reason})`)
  return scoreOf(verdicts) < min ? 1 : 0
})
