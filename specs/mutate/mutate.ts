/**
 * `npm run mutate [-- OPTIONS]`: seeds defects into plugin/assembly and lists those that no spec of `specs/plugin` sees.
 *
 * - `--count N`: how many, default 40; `--all` for every one
 * - `--seed N`: which ones, default 1; the same seed gives the same
 * - `--since REV`: only on lines changed since a revision
 * - `--file TEXT`: only in files whose path has this in it; may be given several times, and with a line: `parse.ts:12:`
 * - `--list`: only lists them
 * - `--jobs N`: how many at a time, each in a copy of the project and some 800 MB of memory; default 2
 * - `--min PERCENT`: exit code 1 below this score
 *
 * Each verdict is printed when it is there, in the order in which they were drawn.
 */
import path from 'node:path'
import { parseArgs } from 'node:util'
import { Equivalents } from './equivalents.ts'
import { findMutants } from './find-mutants.ts'
import { judgeMutants } from './judge-mutants.ts'
import { describeMutant } from './mutant.ts'
import { scoreOf, tableOf, writeReport } from './report.ts'
import { changedSince, sampleOf } from './sample.ts'

const project = path.resolve(import.meta.dirname, '../..')
const { values: options } = parseArgs({
  options: {
    count: { type: 'string', default: '40' },
    seed: { type: 'string', default: '1' },
    since: { type: 'string' },
    file: { type: 'string', multiple: true, default: [''] },
    min: { type: 'string', default: '0' },
    jobs: { type: 'string', default: '2' },
    all: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
  },
})

const every = await findMutants(project)
const equivalents = await Equivalents.read(project, every)
const changed = options.since ? await changedSince(project, options.since, every) : every
const eligible = changed.filter((mutant) =>
  options.file.some((text) => `${mutant.file}:${mutant.line}:`.includes(text)),
)
const count = options.all ? eligible.length : numberOf('count')
const chosen = sampleOf(eligible, count, numberOf('seed'))
console.log(`${chosen.length} of ${eligible.length} defects (seed ${options.seed})`)

if (options.list) {
  for (const mutant of chosen) console.log(describeMutant(mutant))
} else if (chosen.length > 0) {
  const startedAt = Date.now()
  const stop = new AbortController()
  // Not `once`: packages that find no other listener send the signal again, without a listener of their own.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  const verdicts = await judgeMutants({
    project,
    mutants: chosen,
    equivalents,
    jobs: Math.min(Math.max(1, numberOf('jobs')), chosen.length),
    signal: stop.signal,
    onVerdict: ({ mutant, status, reason, ms }) =>
      console.log(`${status.padEnd(12)} ${describeMutant(mutant)} (${reason}, ${ms} ms)`),
  })
  const page = await writeReport(project, path.join(project, '.cache/mutation'), verdicts)
  const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1)
  console.log(`\n${tableOf(verdicts)}\n\n${minutes} min; ${path.relative(process.cwd(), page)}`)
  const survivors = verdicts.filter(({ status }) => status === 'Survived')
  for (const { mutant } of survivors) console.log(`Survived: ${describeMutant(mutant)}`)
  // Vitest has set it, too, for the failures that were asked for.
  process.exitCode = scoreOf(verdicts) < numberOf('min') ? 1 : 0
}

function numberOf(name: 'count' | 'seed' | 'min' | 'jobs'): number {
  const number = Number(options[name])
  if (Number.isFinite(number) && number >= 0) return number
  throw new Error(`--${name} ${options[name]} is not a number.`)
}
