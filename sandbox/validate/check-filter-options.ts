import { validateConfiguration } from '#sandbox/emulator/index.ts'
import type { FoundFilter } from './envoy-filters.ts'
import { error, warning, type Finding } from './finding.ts'
import { jsonSyntaxError } from './json-syntax.ts'
import { isObject, type JsonObject } from './objects.ts'

/** The plugin's own judgement of the options of a filter, each remark on the line of the option it names. */
export async function checkFilterOptions(filter: FoundFilter, wasm: string): Promise<Finding[]> {
  const text = filter.optionsText
  if (text === undefined) return [error(filter.line(), 'the filter has no options')]
  const syntaxError = jsonSyntaxError(text)
  if (syntaxError) return [error(filter.line() + lineOf(syntaxError), syntaxError)]
  const names = Object.keys(optionsOf(filter))
  const { messages } = await validateConfiguration(wasm, text)
  return messages.flatMap(({ level, message }) => {
    const line = filter.line(names.find((name) => mentions(message, name)))
    if (level === 'error' || level === 'critical') return [error(line, message)]
    return level === 'warn' ? [warning(line, message)] : []
  })
}

/** The options as an object; empty when they are no JSON object. */
export function optionsOf({ optionsText }: FoundFilter): JsonObject {
  if (optionsText === undefined || jsonSyntaxError(optionsText)) return {}
  const options: unknown = JSON.parse(optionsText)
  return isObject(options) ? options : {}
}

const lineOf = (syntaxError: string): number =>
  Number(/^line (\d+)/.exec(syntaxError)?.[1] ?? 1) - 1

const mentions = (message: string, name: string): boolean =>
  name !== '' && message.split(/[^\w-]+/).includes(name)
