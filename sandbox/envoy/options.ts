import type { ClusterOptions } from './cluster.ts'
import type { EnvoyJson } from './envoy-json.ts'
import type { ListenerOptions } from './listener.ts'
import type { Placement } from './placement.ts'
import type { PluginOptions } from './plugin-filter.ts'
import type { RuntimeName } from './runtime.ts'

/** The configuration of an Envoy in front of `upstream` with the plugin. Everything but `upstream` has a default. */
export interface EnvoyOptions {
  /** The upstream's URL. A loopback address is this machine's, also from inside a container. */
  upstream: string | Omit<ClusterOptions, 'name'>
  /** URL of Moesif's collector, or a mock of it: cluster `moesif_api`. Without it there is no such cluster. */
  collector?: string | (Omit<ClusterOptions, 'name'> & { name?: string })
  /** The filter of every listener without its own; `null`: no filter. */
  plugin?: PluginOptions | PluginOptions[] | null
  /** Default: one, named `gateway`. */
  listeners?: ListenerOptions[]
  /** More clusters, for your own routes. */
  clusters?: ClusterOptions[]
  /** Worker threads, default 1. */
  concurrency?: number
  /** `--drain-time-s`: seconds for which the old listener still serves after an update. Default 1. */
  drainSeconds?: number
  drainStrategy?: 'gradual' | 'immediate'
  /** Envoy's log level, default `info`; `componentLogLevel` as in `--component-log-level`. */
  logLevel?: 'trace' | 'debug' | 'info' | 'warning' | 'error'
  componentLogLevel?: string
  /** `stats_config.stats_tags`. */
  statsTags?: { tag_name: string; regex: string }[]
  /** Serves listeners by a listener discovery service, so that `updateListener` works. Default false. */
  updatable?: boolean
  /** More files for Envoy (certificates …), by name; `envoyFile(name)` is their path in the configuration. */
  files?: Record<string, string | Uint8Array>
  /** Port of the admin interface on this machine, default 0: any free one. */
  adminPort?: number
  /** Changes the generated bootstrap, for settings without an option. */
  bootstrap?: (bootstrap: EnvoyJson, placement: Placement) => EnvoyJson
}

export interface StartEnvoyOptions extends EnvoyOptions {
  /** Default: `ENVOY_RUNTIME`, else `auto`. */
  runtime?: RuntimeName
  /** Receives each line Envoy logs. */
  onLog?: (line: string) => void
  /** How long Envoy may take to become ready, default 30 000 ms. */
  startTimeoutMs?: number
}

/** In a configuration, or in the text of another file: the path of a file given in `files`. Replaced by the real path when Envoy is started. */
export const envoyFile = (name: string): string => `{{envoy-files}}/${name}`
export const ENVOY_FILES_PLACEHOLDER = '{{envoy-files}}'
