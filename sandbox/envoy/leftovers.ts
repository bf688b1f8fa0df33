import { execFile } from 'node:child_process'
import { readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { until } from '../until.ts'
import { CONTAINER_FILE, isAlive, PID_FILE, PREFIX } from './run-directory.ts'

/**
 * Ends the Envoys whose sandbox was killed, and removes the folders of processes that have ended. Other processes may do
 * the same at the same time. The folder of a container that cannot be removed stays, for the next time.
 *
 * @param temporary where those folders are
 */
export async function endLeftovers(
  say: (line: string) => void,
  temporary = tmpdir(),
): Promise<void> {
  for (const name of await readdir(temporary).catch(nothingIfAbsent)) {
    const owner = name.startsWith(PREFIX) && /-(\d+)-[^-]+$/.exec(name)?.[1]
    if (!owner || isAlive(Number(owner))) continue
    const directory = join(temporary, name)
    const pid = Number(await readFile(join(directory, PID_FILE), 'utf8').catch(() => 'none'))
    if (isAlive(pid) && (await commandOf(pid)).includes(directory)) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // It has ended since; one that must not be signalled is found alive below.
      }
      await until(() => !isAlive(pid), { what: `Envoy (pid ${pid}) did not end` })
      say(`Ended the Envoy (pid ${pid}) of a sandbox that had been killed.`)
    }
    const id = await readFile(join(directory, CONTAINER_FILE), 'utf8').catch(() => '')
    if (id) {
      const { removeContainersOfProcess } = await import('./reaper.ts')
      try {
        const removed = await removeContainersOfProcess(id)
        if (removed > 0) say('Removed the Envoy container of a sandbox that had been killed.')
      } catch (error) {
        say(
          `The Envoy container of a sandbox that had been killed could not be removed: ${error instanceof Error ? error.message : String(error)}. The next start tries again.`,
        )
        continue
      }
    }
    await rm(directory, { recursive: true, force: true })
  }
}

function nothingIfAbsent(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return []
  throw error
}

/** @note a process id may belong to another program by now. */
async function commandOf(pid: number): Promise<string> {
  const ps = promisify(execFile)('ps', ['-o', 'args=', '-p', String(pid)])
  return await ps.then(
    ({ stdout }) => stdout,
    async () => await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
  )
}
