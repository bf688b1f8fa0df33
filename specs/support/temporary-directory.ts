import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { isAlive } from '#sandbox/envoy/run-directory.ts'

const PREFIX = 'moesif-specs-'

/**
 * Gives this run, and the workers it starts from now on, a temporary directory of its own, and removes what killed runs have
 * left. Resolves with what removes this one and all that specs have left in it.
 */
export async function useOwnTemporaryDirectory(): Promise<() => Promise<void>> {
  const usual = tmpdir()
  // Vitest loads the set-up anew for each room: within each other the paths would become too long for Chromium's socket.
  if (basename(usual).startsWith(`${PREFIX}${process.pid}-`)) return () => Promise.resolve()
  for (const name of await readdir(usual)) {
    const owner = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : 0
    if (owner > 0 && !isAlive(owner)) await remove(join(usual, name))
  }
  const own = await mkdtemp(join(usual, `${PREFIX}${process.pid}-`))
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = own
  return async () => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
    await remove(own)
  }
}

const remove = async (path: string): Promise<void> =>
  await rm(path, { recursive: true, force: true, maxRetries: 3 })
