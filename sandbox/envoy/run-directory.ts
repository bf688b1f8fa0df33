import { mkdtemp, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

/** What the names of all folders of this machine's processes begin with. */
export const PREFIX = `moesif-envoy-${hostname().replaceAll(/[^\w.]/g, '')}`
export const PID_FILE = 'envoy.pid'
export const CONTAINER_FILE = 'envoy-in-container'

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

/** Notes that the Envoy of this process runs in a container, which carries that id. */
export async function noteContainer(directory: string, id: string): Promise<void> {
  await writeFile(join(directory, CONTAINER_FILE), id)
}

/** Whether a process of this machine has that id. */
export function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false
  try {
    return process.kill(pid, 0)
  } catch (error) {
    // EPERM: another user's.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
