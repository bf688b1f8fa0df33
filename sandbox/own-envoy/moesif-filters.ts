import { COLLECTOR_CLUSTER } from '../envoy/bootstrap.ts'
import type { EnvoyJson } from '../envoy/options.ts'
import { field, messagesWithin, setField } from './proto-json.ts'

/** A Moesif filter: the `PluginConfig` of a Wasm extension, wherever in a configuration it stands. */
export interface MoesifFilter {
  pluginConfig: EnvoyJson
  /** Field names and indices that lead to it. */
  path: readonly string[]
  /** The options document as the plugin gets it; undefined when there is none. */
  optionsText: string | undefined
}

/**
 * Every Moesif filter of a configuration: of any listener, per route, inside a composite filter, of a cluster's upstream
 * filters, as the default of a discovered one … Another vendor's Wasm filter is none.
 */
export function moesifFilters(configuration: unknown): MoesifFilter[] {
  return Array.from(messagesWithin(configuration), ({ message, path }) => ({
    pluginConfig: message,
    path,
    optionsText: optionsText(field(message, 'configuration')),
  })).filter(
    ({ pluginConfig, optionsText: text }) =>
      field(pluginConfig, 'vm_config') !== undefined && mentionsMoesif([pluginConfig, text]),
  )
}

/** Lets a filter load the file that the sandbox puts where Envoy finds it. */
export function loadFrom(wasm: string, { pluginConfig }: MoesifFilter): void {
  setField(field(pluginConfig, 'vm_config') as EnvoyJson, 'code', { local: { filename: wasm } })
}

/** The cluster to which the filter sends its events. */
export function collectorClusterOf({ optionsText: text }: MoesifFilter): string {
  const name = field(parsed(text ?? ''), 'upstream')
  return typeof name === 'string' && name !== '' ? name : COLLECTOR_CLUSTER
}

/** @note Envoy unwraps a StringValue and a BytesValue; of any other type the plugin gets serialized protobuf. */
function optionsText(configuration: unknown): string | undefined {
  const value = field(configuration, 'value')
  if (typeof value !== 'string') return undefined
  const type = String(field(configuration, '@type'))
  if (type.endsWith('google.protobuf.StringValue')) return value
  return type.endsWith('google.protobuf.BytesValue')
    ? Buffer.from(value, 'base64').toString()
    : undefined
}

/** @note the text is parsed first: a name may be escaped in it. */
const mentionsMoesif = ([pluginConfig, text]: [EnvoyJson, string | undefined]): boolean =>
  JSON.stringify([pluginConfig, text, parsed(text ?? '')])
    .toLowerCase()
    .includes('moesif')

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
