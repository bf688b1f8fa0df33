import type { EnvoyJson } from './envoy-json.ts'
import { buildPluginFilter, type PluginOptions } from './plugin-filter.ts'

export const UPSTREAM_CLUSTER = 'upstream'

export interface ListenerOptions {
  name: string
  /** Port on this machine; default 0, any free one. */
  port?: number
  /** Default: the plugin of the Envoy; `null`: none. */
  plugin?: PluginOptions | PluginOptions[] | null
  /** Routes before the default one, which sends everything to the upstream. Envoy's own JSON; see `routes.ts` for the usual ones. */
  routes?: EnvoyJson[]
  /** Merged into the default route's `route` action, e.g. `{ prefix_rewrite: '/v2' }`. */
  defaultRoute?: EnvoyJson
  /** Merged over the generated virtual host. */
  virtualHost?: EnvoyJson
  /** HTTP filters in front of and behind the plugin. */
  filtersBefore?: EnvoyJson[]
  filtersAfter?: EnvoyJson[]
  /** Upgrades let through, e.g. `['websocket']`. */
  upgrades?: string[]
  /** HTTP/1 trailers, which Envoy drops by default. */
  trailers?: boolean
  direction?: 'INBOUND' | 'OUTBOUND'
  /** Envoy believes the connection rather than `x-forwarded-for`. */
  useRemoteAddress?: boolean
  xffTrustedHops?: number
  /** `transport_socket` of the filter chain (TLS). */
  transportSocket?: EnvoyJson
  /** Its URL begins with https. Default: whether it has a `transportSocket`. */
  tls?: boolean
  statPrefix?: string
  /** Merged over the generated HttpConnectionManager and Listener. */
  hcm?: EnvoyJson
  raw?: EnvoyJson
}

/** Where a listener binds and where Envoy finds the .wasm files. */
export interface ListenerPlacement {
  address: string
  port: number
  wasmPath: (plugin: PluginOptions) => string
  /** The path below which the upstream serves. */
  basePath: string
}

export function buildListener(options: ListenerOptions, placement: ListenerPlacement): EnvoyJson {
  const plugins = [options.plugin ?? []].flat()
  return {
    name: options.name,
    address: {
      socket_address: { address: placement.address, port_value: placement.port },
    },
    ...(options.direction && { traffic_direction: options.direction }),
    filter_chains: [
      {
        filters: [
          {
            name: 'envoy.filters.network.http_connection_manager',
            typed_config: buildConnectionManager(options, placement.basePath, [
              ...(options.filtersBefore ?? []),
              ...plugins.map((plugin) => buildPluginFilter(plugin, placement.wasmPath(plugin))),
              ...(options.filtersAfter ?? []),
            ]),
          },
        ],
        ...(options.transportSocket && { transport_socket: options.transportSocket }),
      },
    ],
    ...options.raw,
  }
}

function buildConnectionManager(
  options: ListenerOptions,
  basePath: string,
  filters: EnvoyJson[],
): EnvoyJson {
  return {
    '@type':
      'type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
    stat_prefix: options.statPrefix ?? options.name,
    codec_type: 'AUTO',
    ...(options.trailers && { http_protocol_options: { enable_trailers: true } }),
    ...(options.upgrades && {
      upgrade_configs: options.upgrades.map((upgrade) => ({ upgrade_type: upgrade })),
    }),
    ...(options.useRemoteAddress !== undefined && {
      use_remote_address: options.useRemoteAddress,
    }),
    ...(options.xffTrustedHops !== undefined && {
      xff_num_trusted_hops: options.xffTrustedHops,
    }),
    route_config: {
      name: options.name,
      virtual_hosts: [
        {
          name: options.name,
          domains: ['*'],
          routes: [
            ...(options.routes ?? []),
            {
              match: { prefix: '/' },
              route: {
                cluster: UPSTREAM_CLUSTER,
                timeout: '60s',
                ...(basePath !== '/' && { prefix_rewrite: basePath.replace(/\/?$/, '/') }),
                ...options.defaultRoute,
              },
            },
          ],
          ...options.virtualHost,
        },
      ],
    },
    http_filters: [
      ...filters,
      {
        name: 'envoy.filters.http.router',
        typed_config: {
          '@type': 'type.googleapis.com/envoy.extensions.filters.http.router.v3.Router',
        },
      },
    ],
    ...options.hcm,
  }
}
