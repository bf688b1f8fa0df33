import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const cli = fileURLToPath(new URL('../../sandbox/cli.ts', import.meta.url))

/** A command of the sandbox's CLI under test. */
export class CliProcess implements AsyncDisposable {
  output = ''
  errors = ''
  readonly exited: Promise<number | null>
  readonly #child: ChildProcess

  constructor(args: string[], env: Record<string, string> = {}) {
    this.#child = spawn(process.execPath, [cli, ...args], {
      env: { ...process.env, ...env },
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

  interrupt(signal: NodeJS.Signals = 'SIGINT'): void {
    this.#child.kill(signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) this.#child.kill('SIGTERM')
    await this.exited
  }
}
