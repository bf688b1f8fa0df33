import type { GatewayLog, LogLine } from '../model/gateway-log.ts'

const MAX_LINES = 500
/** Kept longer: what Envoy itself logs would push them out. */
const MAX_PLUGIN_LINES = 200
const MAX_CHARACTERS = 2000

/** The end of Envoy's log, bounded. */
export class LogTail {
  #lines: LogLine[] = []
  #pluginLines: LogLine[] = []
  #last = 0

  add(texts: readonly string[]): void {
    for (const text of texts) {
      const plugin = /\bwasm log\b/.test(text)
      const line = { number: ++this.#last, text: text.slice(0, MAX_CHARACTERS), plugin }
      ;(plugin ? this.#pluginLines : this.#lines).push(line)
    }
    this.#lines = this.#lines.slice(-MAX_LINES)
    this.#pluginLines = this.#pluginLines.slice(-MAX_PLUGIN_LINES)
  }

  after(number: number): GatewayLog {
    const lines = [...this.#lines, ...this.#pluginLines]
      .filter((line) => line.number > number)
      .sort((a, b) => a.number - b.number)
    return { lines, last: this.#last }
  }
}
