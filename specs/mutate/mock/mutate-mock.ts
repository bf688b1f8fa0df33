/**
 * `npm run mutate:mock [-- OPTIONS]`: seeds defects into mock-moesif/{collector,query,store,judgement} with StrykerJS and reports which
 * of them no spec of `specs/mock-moesif` sees.
 *
 * - `--percent N`: of all that can be seeded, drawn in each room, default 4
 * - `--seed N`: which ones, default 1; the same seed gives the same
 * - `--file TEXT`: only in files whose path has this in it
 * - `--min PERCENT`: exit code 1 below this score
 */
import path from 'node:path'
import { parseArgs } from 'node:util'
import { describeMutant } from '../mutant.ts'
import { scoreOf, tableOf, writeReport } from '../report.ts'
import { runStryker } from './run-stryker.ts'
import { verdictOf } from './stryker-verdicts.ts'

const project = path.resolve(import.meta.dirname, '../../..')
const { values: options } = parseArgs({
  options: {
    percent: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
    file: { type: 'string', default: '' },
    min: { type: 'string', default: '0' },
  },
})

const startedAt = Date.now()
const sample = { percent: numberOf('percent'), seed: numberOf('seed') }
const results = await runStryker(project, sample, options.file)
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
console.log(
  `\n${tableOf(verdicts)}\n\nseed ${options.seed}, ${minutes} min; ${path.relative(process.cwd(), page)}`,
)
for (const { mutant, status, reason } of verdicts)
  if (status === 'Survived') console.log(`Survived: ${describeMutant(mutant)} (${reason})`)
if (scoreOf(verdicts) < numberOf('min')) process.exitCode = 1

function numberOf(name: 'percent' | 'seed' | 'min'): number {
  const number = Number(options[name])
  if (Number.isFinite(number) && number >= 0) return number
  throw new Error(`--${name} ${options[name]} is not a number.`)
}
