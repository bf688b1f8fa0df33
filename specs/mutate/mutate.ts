/** `npm run mutate [-- OPTIONS]`: see docs/testing-the-specs.md. */
import path from 'node:path'
import { newCommand } from '#sandbox/cli/command.ts'
import { UsageError } from '#sandbox/user-error.ts'
import { collected, percentage, runCommand, wholeNumber } from '#specs/support/command.ts'
import { Equivalents } from './equivalents.ts'
import { findMutants } from './find-mutants.ts'
import { judgeMutants } from './judge-mutants.ts'
import { describeMutant, type Mutant } from './mutant.ts'
import { scoreOf, tableOf, writeReport } from './report.ts'
import { changedSince, sampleOf } from './sample.ts'

interface Options {
  count: number
  all?: true
  seed: number
  since?: string
  file: string[]
  list?: true
  jobs: number
  min: number
}

const project = path.resolve(import.meta.dirname, '../..')

await runCommand(async (args) => {
  const options = newCommand(
    'mutate',
    'Seeds defects into plugin/assembly and lists those that no spec of specs/plugin sees.',
  )
    .option('--count <N>', 'how many', wholeNumber(1), 40)
    .option('--all', 'every one')
    .option('--seed <N>', 'which ones: the same seed gives the same', wholeNumber(0), 1)
    .option('--since <REV>', 'only on lines changed since a revision')
    .option(
      '--file <TEXT>',
      'only in files whose path has this in it, or on a line (`parse.ts:12:`); may be repeated',
      collected,
      [],
    )
    .option('--list', 'only list them')
    .option('--jobs <N>', 'how many at a time, each in some 800 MB', wholeNumber(1), 2)
    .option('--min <PERCENT>', 'exit with 1 below this score', percentage, 0)
    .parse(args, { from: 'user' })
    .opts<Options>()
  const every = await findMutants(project)
  const equivalents = await Equivalents.read(project, every)
  const eligible = await eligibleOf(every, options)
  const chosen = sampleOf(eligible, options.all ? eligible.length : options.count, options.seed)
  console.log(`${chosen.length} of ${eligible.length} defects (seed ${options.seed})`)
  if (!options.list) return judge(chosen, equivalents, options)
  for (const mutant of chosen) console.log(describeMutant(mutant))
  return 0
})

async function eligibleOf(every: Mutant[], { since, file }: Options): Promise<Mutant[]> {
  const named = every.filter((mutant) => {
    const place = `${mutant.file}:${mutant.line}:`
    return file.length === 0 || file.some((text) => place.includes(text))
  })
  if (named.length === 0) throw new UsageError(`No defect can be seeded in ${file.join(' or ')}.`)
  if (since === undefined) return named
  const changed = await changedSince(project, since, named)
  if (changed.length === 0) console.log(`Nothing has changed there since ${since}.`)
  return changed
}

/** Resolves with the exit code. */
async function judge(
  mutants: readonly Mutant[],
  equivalents: Equivalents,
  { jobs, min }: Options,
): Promise<number> {
  if (mutants.length === 0) return 0
  const startedAt = Date.now()
  const stop = new AbortController()
  // Not `once`: packages that find no other listener send the signal again, without a listener of their own.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  const verdicts = await judgeMutants({
    project,
    mutants,
    equivalents,
    jobs: Math.min(jobs, mutants.length),
    signal: stop.signal,
    onVerdict: ({ mutant, status, reason, ms }) =>
      console.log(`${status.padEnd(12)} ${describeMutant(mutant)} (${reason}, ${ms} ms)`),
  })
  const page = await writeReport(project, path.join(project, '.cache/mutation'), verdicts)
  const minutes = ((Date.now() - startedAt) / 60_000).toFixed(1)
  console.log(`\n${tableOf(verdicts)}\n\n${minutes} min; ${path.relative(process.cwd(), page)}`)
  const survivors = verdicts.filter(({ status }) => status === 'Survived')
  for (const { mutant } of survivors) console.log(`Survived: ${describeMutant(mutant)}`)
  return scoreOf(verdicts) < min ? 1 : 0
}
