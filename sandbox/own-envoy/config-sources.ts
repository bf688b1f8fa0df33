import type { EnvoyJson } from '../envoy/envoy-json.ts'
import { field, messagesWithin, setField } from './proto-json.ts'

/** Sources of what is neither a listener, a filter, a route nor a cluster: endpoints, secrets, runtime layers. */
const HARMLESS = /^(eds|leds|sds|rtds)_?config$/i
const SOURCE = /(config|source)s?$/i
/** Sources that may have their file in the deprecated field `path`, which other messages have, too. */
const SOURCE_WITH_PATH = /^(lds|cds)_?config$|config_?source$/i
const SERVERS = ['api_config_source', 'ads', 'self']
const LOCATORS = ['lds_resources_locator', 'cds_resources_locator']

/** Where more configuration comes from: a file that can be adopted, too, or a server that can't. */
export interface ConfigSource {
  message: EnvoyJson
  path: readonly string[]
  /** The file, undefined when it is a server. */
  file: string | undefined
}

/** Every source of listeners, filters, routes and clusters that a configuration names. */
export function configSources(configuration: unknown): ConfigSource[] {
  return Array.from(messagesWithin(configuration)).flatMap(({ message, path }): ConfigSource[] => {
    if (LOCATORS.some((name) => field(message, name) !== undefined)) {
      return [{ message, path, file: undefined }]
    }
    const name = path.findLast((step) => !/^\d+$/.test(step)) ?? ''
    if (HARMLESS.test(name) || !SOURCE.test(name)) return []
    const file =
      field(message, 'path_config_source', 'path') ??
      (SOURCE_WITH_PATH.test(name) ? field(message, 'path') : undefined)
    if (typeof file === 'string') return [{ message, path, file }]
    const fromServer = SERVERS.some((kind) => typeof field(message, kind) === 'object')
    return fromServer ? [{ message, path, file: undefined }] : []
  })
}

/** Lets a source read another file. */
export function readFrom(file: string, { message }: ConfigSource): void {
  setField(message, 'path', undefined)
  setField(message, 'path_config_source', { path: file })
}
