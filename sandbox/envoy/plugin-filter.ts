import { fileURLToPath } from 'node:url'
import type { EnvoyJson } from './envoy-json.ts'

/** The file that `npm run build` writes. */
export const BUILT_PLUGIN = fileURLToPath(
  new URL('../../plugin/dist/moesif_envoy_wasm_plugin.wasm', import.meta.url),
)

export interface PluginOptions {
  /** The .wasm file on this machine, default `BUILT_PLUGIN`. */
  file?: string
  /** The options document; a string is passed on as it is, valid JSON or not. */
  options: unknown
  name?: string
  rootId?: string
  vmId?: string
  /** Default true, the only setting under which a crash of the filter never touches user traffic. */
  failOpen?: boolean
  /** Instead of `failOpen`. */
  failurePolicy?: 'FAIL_RELOAD' | 'FAIL_CLOSED' | 'FAIL_OPEN'
  /** Merged over the generated `PluginConfig`. */
  raw?: EnvoyJson
}

/** `wasmPath` is where Envoy finds the file: not the same as `file` inside a container. */
export function buildPluginFilter(plugin: PluginOptions, wasmPath: string): EnvoyJson {
  const { options } = plugin
  return {
    name: 'envoy.filters.http.wasm',
    typed_config: {
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm',
      config: {
        name: plugin.name ?? 'moesif',
        root_id: plugin.rootId ?? 'moesif_api_root_id',
        ...(plugin.failurePolicy
          ? { failure_policy: plugin.failurePolicy }
          : { fail_open: plugin.failOpen ?? true }),
        configuration: {
          '@type': 'type.googleapis.com/google.protobuf.StringValue',
          value: typeof options === 'string' ? options : JSON.stringify(options, null, 2),
        },
        vm_config: {
          vm_id: plugin.vmId ?? 'moesif_api_vm',
          runtime: 'envoy.wasm.runtime.v8',
          code: { local: { filename: wasmPath } },
        },
        ...plugin.raw,
      },
    },
  }
}
