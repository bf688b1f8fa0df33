import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { UsageError } from '#sandbox/user-error.ts'
import { randomFrom } from '#specs/support/random.ts'
import type { Mutant } from './mutant.ts'

/** As many as asked for, the same for the same seed, in the order in which they are drawn: the first of them are a sample, too. */
export function sampleOf(mutants: readonly Mutant[], count: number, seed: number): Mutant[] {
  const random = randomFrom(seed)
  const keyed = mutants.map((mutant) => ({ mutant, key: random() }))
  const chosen = keyed.sort((a, b) => a.key - b.key).slice(0, count)
  return chosen.map(({ mutant }) => mutant)
}

/** Those on lines that were added or changed since a revision. */
export async function changedSince(
  project: string,
  revision: string,
  mutants: readonly Mutant[],
): Promise<Mutant[]> {
  const query = ['diff', '--unified=0', '--no-color', revision, '--', 'plugin/assembly']
  const { stdout } = await promisify(execFile)('git', query, {
    cwd: project,
    maxBuffer: 1 << 28,
  }).catch((error: Error & { stderr?: string }) => {
    throw new UsageError(`--since ${revision}: ${error.stderr?.trim() ?? error.message}`)
  })
  const changed = new Set<string>()
  let file = ''
  for (const line of stdout.split('\n')) {
    file = /^\+\+\+ b\/(.*)$/.exec(line)?.[1] ?? file
    const [, from, count = '1'] = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line) ?? []
    if (from === undefined) continue
    for (let at = 0; at < Number(count); at++) changed.add(`${file}:${Number(from) + at}`)
  }
  return mutants.filter(({ file: of, line }) => changed.has(`${of}:${line}`))
}
