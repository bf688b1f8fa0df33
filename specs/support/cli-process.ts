import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const cli = fileURLToPath(new URL('../../sandbox/cli.ts', import.meta.url))

/** Runs what it is given and waits for it, as npm's shell does. */
const SHELL = ['-c', '"$0" "$@"; exit $?']

/** A command of the sandbox's CLI under test; `npm`: as npm runs it, and signals go to npm's shell. */
export class CliProcess implements AsyncDisposable {
  output = ''
  errors = ''
  /** The exit code, once nobody writes to its output any more. */
  readonly exited: Promise<number | null>
  readonly #child: ChildProcess

  constructor(args: string[], env: Record<string, string> = {}, { npm = false } = {}) {
    const command = [process.execPath, cli, ...args] as const
    const [program, ...rest] = npm ? (['sh', ...SHELL, ...command] as const) : command
    this.#child = spawn(program, rest, {
      env: { ...process.env, ...(npm && { npm_lifecycle_event: 'start' }), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child.stdout?.on('data', (chunk) => (this.output += chunk))
    this.#child.stderr?.on('data', (chunk) => (this.errors += chunk))
    this.exited = new Promise((resolve) => this.#child.once('close', resolve))
  }

  /** Waits until the output matches and answers the first group, or the whole match. */
  async prints(pattern: RegExp, timeout = 60_000): Promise<string> {
    const ended = this.exited.then(() => true)
    let hasEnded = false
    void ended.then(() => (hasEnded = true))
    await expect
      .poll(
        () => {
          if (hasEnded && !pattern.test(this.output)) {
            throw new Error(`It ended without printing ${pattern}: ${this.output}${this.errors}`)
          }
          return this.output
        },
        { timeout, interval: 50 },
      )
      .toMatch(pattern)
    const match = pattern.exec(this.output)
    return match?.[1] ?? match?.[0] ?? ''
  }

  /** Resolves when the process has gone, which takes its time on a busy machine. */
  async kill(): Promise<void> {
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }

  interrupt(signal: NodeJS.Signals = 'SIGINT'): void {
    this.#child.kill(signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill('SIGTERM')
    await this.exited
  }
}
