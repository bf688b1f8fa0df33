/** The identity and documents of one plugin, as Envoy's PluginConfig has them. */
export interface PluginSettings {
  readonly pluginName: string
  readonly rootId: string
  readonly vmId: string
  /** Bytes of the plugin configuration: JSON text in practice, but Envoy passes anything. */
  readonly configuration: Uint8Array
  readonly vmConfiguration: Uint8Array
  /** Properties readable without a stream, e.g. `{ 'xds.node.metadata.INTERCEPTION': 'TPROXY' }`. */
  readonly properties: Readonly<Record<string, string>>
}
