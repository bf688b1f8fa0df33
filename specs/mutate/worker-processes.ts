import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

interface WorkerProcess {
  pid: number
  /** Time of a processor that it has used. */
  cpuMs: number
}

/** Children of this process that have a title in their command line. */
export async function workersOf(title: string): Promise<WorkerProcess[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,time=,args='])
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, time = '', command = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? []
    if (Number(parent) !== process.pid || !command.includes(title)) return []
    return [{ pid: Number(pid), cpuMs: milliseconds(time) }]
  })
}

export async function endWorkers(title: string): Promise<void> {
  for (const { pid } of await workersOf(title)) process.kill(pid, 'SIGKILL')
}

/** Of `[days-]hours:minutes:seconds`, as Linux writes it, or `minutes:seconds.hundredths`. */
function milliseconds(time: string): number {
  const [seconds = 0, minutes = 0, hours = 0, days = 0] = time
    .split(/[-:]/)
    .map(Number)
    .toReversed()
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000
}
