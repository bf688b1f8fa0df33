import { stringify } from 'yaml'
import { buildCluster, type ClusterOptions } from './cluster.ts'
import { buildListener, UPSTREAM_CLUSTER, type ListenerOptions } from './listener.ts'
import type { EnvoyOptions } from './options.ts'
import type { EnvoyJson } from './envoy-json.ts'
import type { Placement } from './placement.ts'
import type { PluginOptions } from './plugin-filter.ts'

const COLLECTOR_CLUSTER = 'moesif_api'
const DISCOVERY_CLUSTER = 'sandbox_listeners'

/** Node closes idle connections after 5 s; a request sent on one just then would be answered with 503. */
const UPSTREAM_IDLE_TIMEOUT_MS = 4_000

/** The listeners as they are asked for, each with the plugin it gets. */
export function listenersOf(options: EnvoyOptions): ListenerOptions[] {
  const { listeners = [{ name: 'gateway' }], plugin = null } = options
  return listeners.map((listener) => Object.assign({ plugin }, listener))
}

/** Every plugin of these options, of whichever listener. */
export const pluginsOf = (options: EnvoyOptions): PluginOptions[] =>
  listenersOf(options).flatMap(({ plugin }) => plugin ?? [])

export function buildListeners(options: EnvoyOptions, placement: Placement): EnvoyJson[] {
  return listenersOf(options).map((listener, index) =>
    buildListener(listener, {
      ...placement.listener(listener, index),
      wasmPath: placement.wasmPath,
      basePath: basePathOf(options.upstream),
    }),
  )
}

/** The whole Envoy configuration, as an object. */
export function buildBootstrap(options: EnvoyOptions, placement: Placement): EnvoyJson {
  const { hostAddress, admin, discoveryPort } = placement
  const clusters: ClusterOptions[] = [
    {
      idleTimeoutMs: UPSTREAM_IDLE_TIMEOUT_MS,
      ...withoutBasePath(target(options.upstream)),
      name: UPSTREAM_CLUSTER,
    },
    ...(options.collector ? [{ name: COLLECTOR_CLUSTER, ...target(options.collector) }] : []),
    ...(options.clusters ?? []),
    ...(discoveryPort === undefined
      ? []
      : [{ name: DISCOVERY_CLUSTER, url: `http://localhost:${discoveryPort}` }]),
  ]
  const bootstrap: EnvoyJson = {
    node: { id: 'moesif-envoy-sandbox', cluster: 'sandbox' },
    admin: { address: { socket_address: { address: admin.address, port_value: admin.port } } },
    ...(options.statsTags && { stats_config: { stats_tags: options.statsTags } }),
    ...(discoveryPort !== undefined && { dynamic_resources: { lds_config: DISCOVERY } }),
    static_resources: {
      ...(discoveryPort === undefined && {
        listeners: buildListeners(options, placement),
      }),
      clusters: clusters.map((cluster) => buildCluster(cluster, hostAddress)),
    },
  }
  return options.bootstrap?.(bootstrap, placement) ?? bootstrap
}

/** For people to read. @note quoted for YAML 1.1, which Envoy's parser speaks: there a bare `on` is a boolean. */
export const toYaml = (config: EnvoyJson): string =>
  stringify(config, { lineWidth: 0, version: '1.1' })

/** The path below which the upstream serves, `/` when it has none of its own. */
function basePathOf(upstream: EnvoyOptions['upstream']): string {
  const paths = new Set([target(upstream).url].flat().map((url) => pathOf(url)))
  if (paths.size > 1) throw new Error(`The upstream has several paths: ${[...paths].join(', ')}`)
  return [...paths][0] ?? '/'
}

const withoutBasePath = <T extends { url: string | string[] }>(cluster: T): T => ({
  ...cluster,
  url: [cluster.url].flat().map((url) => (pathOf(url) === '/' ? url : new URL('/', url).href)),
})

const pathOf = (url: string): string => (URL.canParse(url) ? new URL(url).pathname : '/')

const target = <T extends { url: string | string[] }>(to: string | T): T | { url: string } =>
  typeof to === 'string' ? { url: to } : to

/** @note REST rather than a watched file: Envoy notices a file only when it is moved into place, which can't be done inside a container without a shell. */
const DISCOVERY: EnvoyJson = {
  resource_api_version: 'V3',
  api_config_source: {
    api_type: 'REST',
    transport_api_version: 'V3',
    cluster_names: [DISCOVERY_CLUSTER],
    refresh_delay: '0.05s',
    request_timeout: '60s',
  },
}
