import type { EnvoyJson } from '../envoy/envoy-json.ts'
import { moesifConfigs, optionsText } from '../validate/envoy/find-filters.ts'
import { at } from '../validate/path.ts'
import { field, setField } from './proto-json.ts'

/** A Moesif filter's `PluginConfig`, to be changed where it stands. */
export interface MoesifFilter {
  pluginConfig: EnvoyJson
  /** The options document as the plugin gets it; undefined when there is none. */
  optionsText: string | undefined
}

/**
 * Every Moesif filter of a configuration: of any listener, per route, inside a composite filter, of a cluster's upstream
 * filters, as the default of a discovered one … Another vendor's Wasm filter is none.
 */
export const moesifFilters = (configuration: unknown): MoesifFilter[] =>
  moesifConfigs(configuration).map(({ path }) => {
    const pluginConfig = at(configuration, path) as EnvoyJson
    return { pluginConfig, optionsText: optionsText(pluginConfig) }
  })

/** Lets a filter load the file that the sandbox puts where Envoy finds it. */
export function loadFrom(wasm: string, { pluginConfig }: MoesifFilter): void {
  const vmConfig = (field(pluginConfig, 'vm_config') ?? {}) as EnvoyJson
  setField(vmConfig, 'code', { local: { filename: wasm } })
  setField(pluginConfig, 'vm_config', vmConfig)
}
