import { isObject } from '../path.ts'

/** The options document as an object, undefined when it is none. @note the plugin passes over a byte order mark. */
export function parseOptions(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
