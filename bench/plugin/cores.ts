import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

/** The measured Envoy has this core for itself; everything else that the bench starts shares the other. */
export const ENVOY_CORE = 0
export const OTHER_CORE = 1

/** Throws one line for each tool that is missing, with what to install. */
export function requireTools(): void {
  const missing = [
    ['taskset', 'util-linux'],
    ['wrk', 'wrk'],
  ].filter(([tool]) => !exists(tool ?? ''))
  if (process.platform !== 'linux') throw new Error('The bench reads /proc: it runs on Linux only.')
  if (missing.length > 0) {
    throw new Error(
      missing
        .map(([tool, name]) => `${tool} is missing: install it (Debian: apt-get install ${name}).`)
        .join('\n'),
    )
  }
}

/** Pins this process; what it starts afterwards inherits the core. */
export function pinSelf(core: number): void {
  execFileSync('taskset', ['-a', '-p', '-c', String(core), String(process.pid)], {
    stdio: 'ignore',
  })
}

/** Process ids of the children of this process. */
export function children(): number[] {
  return readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
}

/** CPU time of all threads, in microseconds: from the scheduler's own nanoseconds, not from ticks of 10 ms. */
export function cpuMicroseconds(pid: number): number {
  return readdirSync(`/proc/${pid}/task`).reduce((sum, task) => {
    const nanoseconds = readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]
    return sum + Number(nanoseconds) / 1000
  }, 0)
}

export function residentMiB(pid: number): number {
  const kib = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kib) / 1024
}

function exists(tool: string): boolean {
  try {
    execFileSync('which', [tool], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
