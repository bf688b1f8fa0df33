/** `npm run flakes -- N [OPTIONS]`: see docs/testing-the-specs.md. */
import path from 'node:path'
import { availableParallelism } from 'node:os'
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { endWithNpm } from '#mock-moesif/end-with-npm.ts'
import { CpuLoad } from './cpu-load.ts'
import { FlakeReport } from './flake-report.ts'
import { runOnce } from './run-once.ts'

const PROJECT = path.resolve(import.meta.dirname, '../..')
const FOLDER = path.join(PROJECT, '.cache/flakes')

interface Options {
  project: string[]
  load: number
  seed: number
}

endWithNpm()
process.exitCode = await main()

/** Resolves with the exit code. */
async function main(): Promise<number> {
  try {
    const [runs, passedOn, options] = parse(process.argv.slice(2))
    return await repeat(runs, passedOn, options)
  } catch (error) {
    // Commander has said it.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    process.stderr.write(`${(error as Error).message}\n`)
    return 2
  }
}

function parse(args: string[]): [number, string[], Options] {
  const program = new Command('flakes')
    .description('Runs the specs N times in random order while the cores are kept busy.')
    .argument('[N]', 'how often', wholeNumber, 10)
    .argument('[FILES...]', 'names of spec files, for vitest')
    .option('--project <ROOM>', 'only this room; may be repeated', collected, [])
    .option('--load <N>', 'processes that keep cores busy', wholeNumber, availableParallelism())
    .option('--seed <N>', 'of the first run; each takes the next', wholeNumber, Date.now() % 1e6)
    .addHelpText(
      'after',
      '\nExit code: 0 when nothing failed, 1 when something did, 2 when not all runs were made.',
    )
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, '')) })
    .showHelpAfterError('--help lists what there is.')
    .parse(args, { from: 'user' })
  const [runs, files] = program.processedArgs as [number, string[]]
  return [runs, files, program.opts<Options>()]
}

async function repeat(runs: number, passedOn: string[], options: Options): Promise<number> {
  const report = new FlakeReport(FOLDER, { runs, ...options, passedOn })
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  using load = new CpuLoad(options.load)
  console.log(`${load.count} processes keep cores busy; results in ${report.file}`)
  const rooms = options.project.map((room) => `--project=${room}`)
  try {
    for (let run = 0; run < runs; run++) {
      const seed = options.seed + run
      const result = await runOnce(PROJECT, [...rooms, ...passedOn], seed, stop.signal)
      if (stop.signal.aborted) break
      await report.add(seed, result)
      const { specs, failed, seconds } = result
      console.log(
        `run ${run + 1} of ${runs}, seed ${seed}: ${specs} specs, ${failed.length} failed, ${seconds} s`,
      )
    }
  } finally {
    console.log(report.summary())
  }
  if (report.made < runs) return 2
  return report.nothingFailed ? 0 : 1
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 0) return number
  throw new InvalidArgumentError('It is a whole number.')
}

function collected(value: string, others: string[]): string[] {
  return [...others, value]
}
