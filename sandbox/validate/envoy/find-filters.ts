import { parseOptions } from '../options/parse-options.ts'
import { optionsInBytes, optionsInText, type OptionsSource } from '../options/options-source.ts'
import { at, isObject, pathsWhere, textAt, type Path } from '../path.ts'
import type { YamlDocument } from '../yaml/yaml-document.ts'
import { anyType, BYTES_VALUE, fieldsOf, STRING_VALUE, WASM_FILTER } from './any-type.ts'

/** A Moesif filter in an Envoy configuration. */
export interface FoundFilter {
  document: YamlDocument
  /** Path of what holds its `PluginConfig`: a typed_config. */
  holder: Path
  /** Path of its `PluginConfig`. */
  path: Path
  /** Whether it is an HTTP filter: any other (network, access log, service) sees no HTTP exchange. */
  isHttp: boolean
  /** The options as the plugin gets them, undefined when it gets none that it could read. */
  options: OptionsSource | undefined
}

/** Every Moesif filter, wherever it stands. Filters of other vendors are ignored. */
export const findFilters = (document: YamlDocument, within: Path = []): FoundFilter[] =>
  moesifConfigs(document.get(within)).map(({ holder, path }) => ({
    document,
    holder: within.concat(holder),
    path: within.concat(path),
    isHttp: anyType(document.get(within.concat(holder))) === WASM_FILTER,
    options: optionsOf(document, [...within, ...path, 'configuration']),
  }))

/** Where in a configuration the `PluginConfig` of each Moesif filter stands, and what holds it. */
export function moesifConfigs(content: unknown): { holder: Path; path: Path }[] {
  const typed = pathsWhere(content, (value) => anyType(value) === WASM_FILTER).map((path) =>
    path.concat(fieldsOf(at(content, path)), 'config'),
  )
  const withVm = pathsWhere(content, (value) => at(value, ['vm_config']) !== undefined)
  const paths = new Map([...typed, ...withVm].map((path) => [JSON.stringify(path), path]))
  return [...paths.values()]
    .map((path) => ({ holder: holderOf(content, path), path }))
    .filter(({ holder, path }) => mentionsMoesif(content, holder, path))
}

/**
 * The options document of a `PluginConfig` as the plugin gets it.
 *
 * @note Envoy unwraps a StringValue and a BytesValue; of any other type the plugin gets serialized protobuf.
 */
export function optionsText(pluginConfig: unknown): string | undefined {
  const value = textAt(pluginConfig, ['configuration', 'value'])
  const type = anyType(at(pluginConfig, ['configuration']))
  if (type === STRING_VALUE) return value
  return type === BYTES_VALUE && value !== undefined
    ? Buffer.from(value, 'base64').toString()
    : undefined
}

function optionsOf(document: YamlDocument, path: Path): OptionsSource | undefined {
  const value = [...path, 'value']
  if (document.text(value) === undefined) return undefined
  const type = anyType(document.get(path))
  if (type === STRING_VALUE) return optionsInText(document, value)
  return type === BYTES_VALUE ? optionsInBytes(document, value) : undefined
}

/** The `typed_config` around a `PluginConfig`. */
function holderOf(content: unknown, path: Path): Path {
  const parent = path.slice(0, -1)
  const isInStruct = fieldsOf(at(content, parent.slice(0, -1))).length > 0
  return isInStruct ? parent.slice(0, -1) : parent
}

/** In the names of filter, VM or file, or in its options. @note a name may be escaped in their JSON. */
function mentionsMoesif(content: unknown, holder: Path, path: Path): boolean {
  const parent = at(content, holder.slice(0, -1))
  const filter = isObject(parent) ? parent : at(content, holder)
  const text = optionsText(at(content, path)) ?? ''
  return /moesif/i.test(JSON.stringify([filter, text, parseOptions(text)]))
}
