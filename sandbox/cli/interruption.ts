const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** @note npm passes a Ctrl-C on that the terminal has already sent to all: an echo, not a second one. */
const ECHO_MS = 1_000

/** How often an orphan is looked for. */
const ORPHAN_MS = 250

/**
 * Resolves at the first Ctrl-C (or SIGTERM, SIGHUP); another one later ends the process at once.
 * @note npm that is ended by SIGTERM ends its shell, which passes nothing on: this process is left with another parent.
 */
export class Interruption implements Disposable {
  readonly signal: Promise<NodeJS.Signals>
  #first: number | undefined
  readonly #listener: (signal: NodeJS.Signals) => void
  #watch: NodeJS.Timeout | undefined

  constructor() {
    const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>()
    this.signal = promise
    this.#listener = (signal) => {
      this.#first ??= Date.now()
      if (Date.now() - this.#first > ECHO_MS) process.exit(130)
      resolve(signal)
    }
    for (const signal of SIGNALS) process.on(signal, this.#listener)
    if (process.env['npm_lifecycle_event'] !== undefined) this.#endWith(process.ppid)
  }

  get happened(): boolean {
    return this.#first !== undefined
  }

  [Symbol.dispose](): void {
    for (const signal of SIGNALS) process.off(signal, this.#listener)
    clearInterval(this.#watch)
  }

  #endWith(parent: number): void {
    this.#watch = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(this.#watch)
      this.#listener('SIGTERM')
    }, ORPHAN_MS)
    this.#watch.unref()
  }
}
