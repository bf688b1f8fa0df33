import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { until } from '../until.ts'

const PREFIX = `moesif-envoy-${hostname().replaceAll(/[^\w.]/g, '')}`
const PID_FILE = 'envoy.pid'
const CONTAINER_FILE = 'envoy-in-container'

/**
 * A folder of this process in the temporary directory. It is named after the process: should that be killed, the next
 * sandbox finds it.
 */
export async function runDirectory(): Promise<string> {
  return await mkdtemp(join(tmpdir(), `${PREFIX}-${process.pid}-`))
}

/** Notes which Envoy runs on the files of this folder. */
export async function noteEnvoy(directory: string, pid: number | undefined): Promise<void> {
  await writeFile(join(directory, PID_FILE), String(pid))
}

/** Notes that the Envoy of this process runs in a container. */
export async function noteContainer(directory: string): Promise<void> {
  await writeFile(join(directory, CONTAINER_FILE), '')
}

/** Ends the Envoys whose sandbox was killed, and removes the folders of processes that are no more. */
export async function endLeftovers(say: (line: string) => void): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const owner = name.startsWith(PREFIX) && /-(\d+)-[^-]+$/.exec(name)?.[1]
    if (!owner || isAlive(Number(owner))) continue
    const directory = join(tmpdir(), name)
    const pid = Number(await readFile(join(directory, PID_FILE), 'utf8').catch(() => 'none'))
    if (isAlive(pid) && (await commandOf(pid)).includes(directory)) {
      process.kill(pid, 'SIGKILL')
      await until(() => !isAlive(pid), { what: `Envoy (pid ${pid}) did not end` })
      say(`Ended the Envoy (pid ${pid}) of a sandbox that had been killed.`)
    }
    if (existsSync(join(directory, CONTAINER_FILE))) {
      const { removeLeftContainers } = await import('./reaper.ts')
      const removed = await removeLeftContainers().catch(() => 0)
      if (removed > 0) say('Removed the Envoy container of a sandbox that had been killed.')
    }
    await rm(directory, { recursive: true, force: true })
  }
}

export function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // EPERM: another user's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** @note a process id may belong to another program by now. */
async function commandOf(pid: number): Promise<string> {
  const ps = promisify(execFile)('ps', ['-o', 'args=', '-p', String(pid)])
  return await ps.then(
    ({ stdout }) => stdout,
    async () => await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
  )
}
