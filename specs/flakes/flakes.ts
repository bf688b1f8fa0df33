/**
 * `npm run flakes -- N [OPTIONS]`: runs the specs N times in random order while other processes keep the cores busy, and reports
 * which specs failed how often, with the seed that gives the same order again.
 *
 * - `--project ROOM`: only that room, any number of times
 * - `--load N`: how many processes keep cores busy, default as many as there are cores; 0 for none
 * - `--seed N`: of the first run, default the time; each run takes the next
 *
 * What it is given beside these goes to vitest, e.g. a file name.
 */
import path from 'node:path'
import { parseArgs } from 'node:util'
import { availableParallelism } from 'node:os'
import { CpuLoad } from './cpu-load.ts'
import { runOnce, type FailedSpec } from './run-once.ts'

const project = path.resolve(import.meta.dirname, '../..')
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    project: { type: 'string', multiple: true, default: [] },
    load: { type: 'string', default: String(availableParallelism()) },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})

const [times = '10', ...passedOn] = positionals
const runs = wholeNumber('N', times)
const firstSeed = wholeNumber('--seed', values.seed)
const failures = new Map<string, { failed: FailedSpec; seeds: number[] }>()

{
  using load = new CpuLoad(wholeNumber('--load', values.load))
  console.log(`${load.count} processes keep cores busy`)
  for (let run = 0; run < runs; run++) {
    const seed = firstSeed + run
    const rooms = values.project.map((room) => `--project=${room}`)
    const { failed, seconds } = await runOnce(project, [...rooms, ...passedOn], seed)
    for (const spec of failed) {
      const key = `${spec.file} > ${spec.name}`
      const known = failures.get(key) ?? { failed: spec, seeds: [] }
      known.seeds.push(seed)
      failures.set(key, known)
    }
    console.log(`run ${run + 1} of ${runs}, seed ${seed}: ${failed.length} failed, ${seconds} s`)
  }
}

const worst = [...failures].sort(([, a], [, b]) => b.seeds.length - a.seeds.length)
for (const [key, { failed, seeds }] of worst) {
  console.log(`${seeds.length}/${runs} ${key}\n  ${failed.message}\n  seeds ${seeds.join(', ')}`)
}
console.log(worst.length === 0 ? `${runs} runs, nothing failed.` : `${worst.length} specs failed.`)
process.exitCode = worst.length === 0 ? 0 : 1

function wholeNumber(name: string, text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number >= 0) return number
  throw new Error(`${name} is a whole number, not "${text}".`)
}
