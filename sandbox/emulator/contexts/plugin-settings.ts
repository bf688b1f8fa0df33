import type { VmSettings } from '../vm/vm.ts'

export const failurePolicies = ['FAIL_CLOSED', 'FAIL_OPEN', 'FAIL_RELOAD', 'fail_open'] as const

/** `failure_policy` of Envoy, and its deprecated `fail_open: true`. */
export type FailurePolicy = (typeof failurePolicies)[number]

/** The identity and documents of one plugin, as Envoy's PluginConfig has them. */
export interface PluginSettings extends VmSettings {
  readonly pluginName: string
  readonly rootId: string
  /** Bytes of the plugin configuration: JSON text in practice, but Envoy passes anything. */
  readonly configuration: Uint8Array
  /** Properties readable without a stream, e.g. `{ 'xds.node.metadata.INTERCEPTION': 'TPROXY' }`. */
  readonly properties: Readonly<Record<string, string>>
  readonly failurePolicy: FailurePolicy
}
