import { readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { endLeftovers } from '#sandbox/envoy/leftovers.ts'
import { isAlive } from '#sandbox/envoy/run-directory.ts'

/** The folder of a run is named after its vitest. */
const PREFIX = 'moesif-specs-'

export const folderPrefix = (pid = process.pid): string => `${PREFIX}${pid}-`

/** Ends the Envoys of runs that were killed, and removes their containers and folders. */
export async function removeKilledRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length).split('-')[0]) : 0
    if (!(owner > 0) || isAlive(owner)) continue
    const folder = join(tmpdir(), name)
    await endLeftovers(() => {}, folder)
    await removeContainers(owner)
    await removeFolder(folder)
  }
}

export const removeFolder = async (folder: string): Promise<void> =>
  await rm(folder, { recursive: true, force: true, maxRetries: 3 })

async function removeContainers(owner: number): Promise<void> {
  // Only now: it takes longer to load than most specs.
  const { processId, removeContainersOfRun } = await import('#sandbox/envoy/reaper.ts')
  // Where no engine answers there are none.
  await removeContainersOfRun(processId(owner)).catch(() => {})
}
