/** What Envoy logged so far, line by line, and a way to wait for a line. */
export class EnvoyLog {
  readonly lines: string[] = []
  readonly #listeners = new Set<(line: string) => void>()
  #partial = ''

  /** Adds a chunk of output, which may end anywhere. */
  write(chunk: string | Buffer): void {
    const lines = (this.#partial + chunk.toString()).split('\n')
    this.#partial = lines.pop() ?? ''
    for (const line of lines) {
      this.lines.push(line)
      for (const listener of this.#listeners) listener(line)
    }
  }

  onLine(listener: (line: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The first line that matches, from line `from` on, waiting for it when it is not there yet. */
  async waitFor(pattern: string | RegExp, { timeoutMs = 60_000, from = 0 } = {}): Promise<string> {
    const matches = (line: string) =>
      typeof pattern === 'string' ? line.includes(pattern) : line.search(pattern) !== -1
    const found = this.lines.slice(from).find(matches)
    if (found !== undefined) return found
    return await new Promise((resolve, reject) => {
      const stop = this.onLine((line) => {
        if (!matches(line)) return
        finish()
        resolve(line)
      })
      const timer = setTimeout(() => {
        finish()
        reject(
          new Error(`Envoy logged no line matching ${pattern} in ${timeoutMs} ms. ${this.tail()}`),
        )
      }, timeoutMs)
      const finish = () => {
        stop()
        clearTimeout(timer)
      }
    })
  }

  /** Envoy's message about why it did not start; undefined when there is none. */
  configurationError(): string | undefined {
    const [, sentence] = CONFIGURATION_ERROR.exec(this.lines.join('\n')) ?? []
    return sentence && shortened(sentence.replace(/: \{"[^]*/, '').replaceAll(/\s+/g, ' '))
  }

  /** The last errors, or else the last lines: for error messages. */
  tail(count = 5): string {
    const errors = this.lines.filter((line) => /\[(error|critical)\]/.test(line))
    const last = (errors.length > 0 ? errors : this.lines).slice(-count)
    return last.length > 0
      ? `Last log lines:\n${last.map(shortened).join('\n')}`
      : 'It logged nothing.'
  }
}

/** @note a sentence may have several lines, and the configuration as a whole behind it. */
const CONFIGURATION_ERROR = /\[critical\][^\n]*error `([^]*?)` initializing config/

const MOST_CHARACTERS = 1_000

const shortened = (line: string): string =>
  line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)} …` : line
