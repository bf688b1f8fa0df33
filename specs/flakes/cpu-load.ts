import { spawn, type ChildProcess } from 'node:child_process'

/** Processes that keep cores busy until they are disposed of, or this process ends. */
export class CpuLoad implements Disposable {
  readonly #processes: ChildProcess[]

  constructor(count: number) {
    // They watch their parent: nothing is left when it is killed.
    const burn = `
      const parent = process.ppid
      const burn = () => {
        const until = Date.now() + 200
        while (Date.now() < until) Math.sqrt(until)
        if (process.ppid === parent) setImmediate(burn)
      }
      burn()`
    this.#processes = Array.from({ length: count }, () =>
      spawn(process.execPath, ['-e', burn], { stdio: 'ignore' }),
    )
  }

  get count(): number {
    return this.#processes.length
  }

  [Symbol.dispose](): void {
    for (const child of this.#processes) child.kill('SIGKILL')
  }
}
