import schema from '#plugin/config.schema.json' with { type: 'json' }
import { isObject } from '../path.ts'

/** Where the plugin sends with these options. */
export interface Collector {
  /** Name of the cluster. */
  cluster: string
  /** The host it names in its requests, which the collector's certificate must be for. */
  host: string
  /** Whether the options ask for plain text in so many words. */
  isPlainText: boolean
}

const DEFAULTS = schema.properties

/** Undefined for a text that is no JSON object: the plugin then sends nothing. */
export function collectorOf(text: string): Collector | undefined {
  const options = parseOptions(text)
  if (!options) return undefined
  const base = textOr(options['base_uri'], DEFAULTS.base_uri.default)
  const uri = base.includes('://') ? base : `https://${base}`
  return {
    cluster: textOr(options['upstream'], DEFAULTS.upstream.default),
    host: URL.canParse(uri) ? new URL(uri).hostname : base,
    isPlainText: uri.startsWith('http:'),
  }
}

/** The options document as an object, undefined when it is none. @note the plugin passes over a byte order mark. */
export function parseOptions(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** @note to the plugin an empty text is as good as none. */
const textOr = (value: unknown, fallback: string): string =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : fallback
