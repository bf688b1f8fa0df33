/** `npm run flakes -- N [OPTIONS]`: see docs/testing-the-specs.md. */
import path from 'node:path'
import { availableParallelism } from 'node:os'
import { InvalidArgumentError } from 'commander'
import { newCommand } from '#sandbox/cli/command.ts'
import { collected, runCommand, wholeNumber } from '#specs/support/command.ts'
import { ROOMS } from '#specs/support/room-sequencer.ts'
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

await runCommand((args) => {
  const program = newCommand(
    'flakes',
    'Runs the specs N times in random order while the cores are kept busy.',
  )
    .argument('[N]', 'how often', wholeNumber(1), 10)
    .argument('[FILES...]', 'names of spec files, for vitest')
    .option('--project <ROOM>', 'only this room; may be repeated', knownRoom, [])
    .option('--load <N>', 'processes that keep cores busy', wholeNumber(0), availableParallelism())
    .option('--seed <N>', 'of the first run; each takes the next', wholeNumber(0), Date.now() % 1e6)
    .addHelpText(
      'after',
      '\nExit code: 0 when nothing failed, 1 when something did, 2 when not all runs were made.',
    )
    .parse(args, { from: 'user' })
  const [runs, files] = program.processedArgs as [number, string[]]
  return repeat(runs, files, program.opts<Options>())
})

function knownRoom(name: string, others: string[]): string[] {
  if (ROOMS.includes(name)) return collected(name, others)
  throw new InvalidArgumentError(`The rooms are ${ROOMS.join(', ')}.`)
}

/** Resolves with the exit code. */
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
