import { validateConfiguration } from '#sandbox/emulator/index.ts'
import { jsonSyntaxError } from './json-syntax.ts'

/** A remark of `validate`. Errors are what keeps the plugin from capturing, or events from arriving. */
export interface Remark {
  severity: 'error' | 'warning'
  line: number
  message: string
}

/** What the plugin itself says of an options document, each remark on the line of the option it names. */
export async function askPlugin(
  text: string,
  wasm: string,
  lineOf: (option?: string) => number,
): Promise<Remark[]> {
  const syntaxError = jsonSyntaxError(text)
  if (syntaxError) {
    const within = Number(/^line (\d+)/.exec(syntaxError)?.[1] ?? 1) - 1
    return [{ severity: 'error', line: lineOf() + within, message: syntaxError }]
  }
  const names = optionNames(text)
  const { messages } = await validateConfiguration(wasm, text)
  return messages.flatMap(({ level, message }): Remark[] => {
    const line = lineOf(names.find((name) => mentions(message, name)))
    if (level === 'error' || level === 'critical') return [{ severity: 'error', line, message }]
    return level === 'warn' ? [{ severity: 'warning', line, message }] : []
  })
}

function optionNames(text: string): string[] {
  const options: unknown = JSON.parse(text)
  return typeof options === 'object' && options !== null ? Object.keys(options) : []
}

const mentions = (message: string, name: string): boolean =>
  name !== '' && message.split(/[^\w-]+/).includes(name)
