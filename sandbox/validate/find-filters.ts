import { pathsWhere, type Path, type YamlDocument } from '../deployment/yaml-file.ts'

/** The Moesif filter in an Envoy configuration or a WasmPlugin. */
export interface FoundFilter {
  document: YamlDocument
  /** Path of the object that holds the options: `PluginConfig` or `spec`. */
  path: Path
  /** The options as the plugin gets them, undefined when there are none. */
  optionsText: string | undefined
  /** Line of the options, or of one of them. */
  line: (option?: string) => number
}

/** Every Moesif filter of an Envoy configuration, wherever it stands. Another vendor's filter is none of our business. */
export function findEnvoyFilters(document: YamlDocument): FoundFilter[] {
  return pathsWhere(document.content, ({ vm_config, configuration }) =>
    Boolean(vm_config && configuration),
  )
    .filter((path) => mentionsMoesif(document.get(path)))
    .map((path) => {
      const value = [...path, 'configuration', 'value']
      const text = document.text(value)
      return {
        document,
        path,
        optionsText: text ?? asText(document.get(value)),
        line: (option) =>
          text === undefined
            ? lineAt(document, option === undefined ? value : [...value, option])
            : textLine(document, value) + lineWithin(text, option),
      }
    })
}

/** The Moesif WasmPlugin, if this document is one. */
export function findWasmPlugin(document: YamlDocument): FoundFilter | undefined {
  if (document.text(['kind']) !== 'WasmPlugin' || !mentionsMoesif(document.content)) {
    return undefined
  }
  const options = ['spec', 'pluginConfig']
  return {
    document,
    path: ['spec'],
    optionsText: asText(document.get(options)),
    line: (option) => lineAt(document, option === undefined ? options : [...options, option]),
  }
}

/** Zero-based line of an option within a JSON text. */
export function lineWithin(text: string, option: string | undefined): number {
  const at = option === undefined ? -1 : text.indexOf(`"${option}"`)
  return at === -1 ? 0 : text.slice(0, at).split('\n').length - 1
}

const lineAt = (document: YamlDocument, path: Path): number => document.finding(path, '').line

/** @note the node of a block (`value: |`) begins at the `|`, its text on the next line. */
const textLine = (document: YamlDocument, path: Path): number =>
  lineAt(document, path) + (document.text(path)?.includes('\n') ? 1 : 0)

const asText = (options: unknown): string | undefined =>
  typeof options === 'object' && options !== null ? JSON.stringify(options) : undefined

const mentionsMoesif = (value: unknown): boolean =>
  JSON.stringify(value).toLowerCase().includes('moesif')
