import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { onExit } from 'signal-exit'

const CLOCK_TICKS = 100

/** A server in a process of its own, on core 0 where `taskset` is there to pin it. */
export class ServerProcess implements AsyncDisposable {
  readonly url: string
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, url: string) {
    this.#child = child
    this.url = url
  }

  static async start(script: string, args: string[] = []): Promise<ServerProcess> {
    const file = fileURLToPath(new URL(script, import.meta.url))
    const child = spawn('taskset', ['-c', '0', process.execPath, file, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    child.once(
      'exit',
      onExit(() => void child.kill()),
    )
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code}`)))
    child.stdout.on('data', (text: Buffer) => {
      const url = /http:\S+/.exec(text.toString())?.[0]
      if (url) resolve(url)
    })
    return new ServerProcess(child, await promise)
  }

  /** CPU seconds used so far: unlike wall time, what else runs on the machine hardly moves it. */
  cpuSeconds(): number {
    const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS
  }

  rssMegabytes(): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once('exit', resolve))
    this.#child.kill()
    await ended
  }
}
