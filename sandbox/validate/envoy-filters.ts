import { isObject, objectAt, stringAt, type JsonObject } from './objects.ts'
import type { PositionedYaml } from './positioned-yaml.ts'

export type Path = (string | number)[]

/** Our filter, found in a configuration. */
export interface FoundFilter {
  /** Path of the object that holds the options. */
  path: Path
  /** The `PluginConfig` (Envoy) or `spec` (Istio). */
  config: JsonObject
  /** The options document, undefined when there is none. */
  optionsText: string | undefined
  /** Line of the options, or of one of them. */
  line: (option?: string) => number
}

/** Every Moesif filter of an Envoy configuration, wherever it stands. */
export function findEnvoyFilters(yaml: PositionedYaml): FoundFilter[] {
  return [...wasmConfigs(yaml.value, [])]
    .filter(({ config }) => isOurs(config))
    .map(({ path, config }) => {
      const configuration = objectAt(config, 'configuration')
      const text = stringAt(configuration, 'value')
      const options = objectAt(configuration, 'value')
      const valuePath = [...path, 'configuration', 'value']
      return {
        path,
        config,
        optionsText: text ?? (options && JSON.stringify(options)),
        line: (option) =>
          text === undefined
            ? yaml.line(option === undefined ? valuePath : [...valuePath, option])
            : yaml.textLine(valuePath) + lineWithin(text, option),
      }
    })
}

function* wasmConfigs(value: unknown, path: Path): Generator<{ path: Path; config: JsonObject }> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* wasmConfigs(item, [...path, index])
  } else if (isObject(value)) {
    const config = objectAt(value, 'config')
    if (config && isObject(config['vm_config'])) yield { path: [...path, 'config'], config }
    for (const [key, item] of Object.entries(value)) yield* wasmConfigs(item, [...path, key])
  }
}

/** Another vendor's filter beside ours is none of our business. */
function isOurs(config: JsonObject): boolean {
  return JSON.stringify(config).toLowerCase().includes('moesif')
}

/** Zero-based line of an option within a JSON text. */
function lineWithin(text: string, option: string | undefined): number {
  const at = option === undefined ? -1 : text.indexOf(`"${option}"`)
  return at === -1 ? 0 : text.slice(0, at).split('\n').length - 1
}
