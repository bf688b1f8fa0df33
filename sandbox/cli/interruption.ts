const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** @note npm forwards a Ctrl-C that the terminal has already sent to all processes: it is not a second one. */
const ECHO_MS = 1_000

/** Resolves at the first Ctrl-C (or SIGTERM, SIGHUP); another one later ends the process at once. */
export class Interruption implements Disposable {
  readonly signal: Promise<NodeJS.Signals>
  #first: number | undefined
  readonly #listener: (signal: NodeJS.Signals) => void

  constructor() {
    const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>()
    this.signal = promise
    this.#listener = (signal) => {
      this.#first ??= Date.now()
      if (Date.now() - this.#first > ECHO_MS) process.exit(130)
      resolve(signal)
    }
    for (const signal of SIGNALS) process.on(signal, this.#listener)
  }

  get happened(): boolean {
    return this.#first !== undefined
  }

  [Symbol.dispose](): void {
    for (const signal of SIGNALS) process.off(signal, this.#listener)
  }
}
