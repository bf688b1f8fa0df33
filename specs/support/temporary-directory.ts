import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { folderPrefix, removeFolder, removeKilledRuns } from './killed-runs.ts'

/**
 * Gives this run, and the workers it starts from now on, a temporary directory of its own, and removes what killed runs have
 * left. Resolves with what removes this one and all that specs have left in it.
 */
export async function useOwnTemporaryDirectory(): Promise<() => Promise<void>> {
  const usual = tmpdir()
  // Vitest loads the set-up anew for each room: within each other the paths would become too long for Chromium's socket.
  if (basename(usual).startsWith(folderPrefix())) return () => Promise.resolve()
  await removeKilledRuns()
  const own = await mkdtemp(join(usual, folderPrefix()))
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = own
  return async () => {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
    await removeFolder(own)
  }
}
