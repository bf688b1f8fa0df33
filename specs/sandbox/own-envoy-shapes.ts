import type { EnvoyJson } from '#sandbox/envoy/envoy-json.ts'

const type = (name: string): { '@type': string } => ({ '@type': `type.googleapis.com/${name}` })

/** The typed configuration of a Moesif filter that sends to `cluster`, with the cluster's name as application id. */
export function moesif(cluster: string, configuration?: EnvoyJson): EnvoyJson {
  return {
    ...type('envoy.extensions.filters.http.wasm.v3.Wasm'),
    config: {
      name: 'moesif',
      root_id: 'moesif_api_root_id',
      fail_open: true,
      configuration: configuration ?? {
        ...type('google.protobuf.StringValue'),
        value: JSON.stringify(optionsTo(cluster)),
      },
      vm_config: {
        vm_id: 'moesif',
        runtime: 'envoy.wasm.runtime.v8',
        code: { local: { filename: '/etc/envoy/moesif_envoy_wasm_plugin.wasm' } },
      },
    },
  }
}

const optionsTo = (cluster: string) => ({
  moesif_application_id: cluster,
  upstream: cluster,
  batch_max_wait: 500,
})

export const filter = (typed_config: EnvoyJson): EnvoyJson => ({ name: 'moesif', typed_config })

/** The options as a Struct, which Envoy passes on serialized, and as bytes. */
export const structTo = (cluster: string): EnvoyJson =>
  moesif(cluster, { ...type('google.protobuf.Struct'), value: optionsTo(cluster) })
export const bytesTo = (cluster: string): EnvoyJson =>
  moesif(cluster, {
    ...type('google.protobuf.BytesValue'),
    value: Buffer.from(JSON.stringify(optionsTo(cluster))).toString('base64'),
  })

/** A composite filter that runs the given one for every request. */
export const composite = (inner: EnvoyJson): EnvoyJson => ({
  name: 'composite',
  typed_config: {
    ...type('envoy.extensions.common.matching.v3.ExtensionWithMatcher'),
    extension_config: {
      name: 'composite',
      typed_config: type('envoy.extensions.filters.http.composite.v3.Composite'),
    },
    xds_matcher: {
      on_no_match: {
        action: {
          name: 'composite-action',
          typed_config: {
            ...type('envoy.extensions.filters.http.composite.v3.ExecuteFilterAction'),
            typed_config: filter(inner),
          },
        },
      },
    },
  },
})

/** A filter that Envoy discovers in a file. */
export const discovered = (path: string, fallback: EnvoyJson): EnvoyJson => ({
  name: 'discovered',
  config_discovery: {
    config_source: { path_config_source: { path } },
    default_config: fallback,
    type_urls: ['type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm'],
  },
})

/** What a file holds that Envoy discovers in. */
export const response = (name: string, ...resources: EnvoyJson[]): string =>
  JSON.stringify({ resources: resources.map((resource) => Object.assign(type(name), resource)) })

/** One filter chain: these HTTP filters in front of the cluster `api`; `perRoute` as `typed_per_filter_config`. */
export function chain(filters: EnvoyJson[], perRoute?: Record<string, EnvoyJson>): EnvoyJson {
  return {
    filters: [
      {
        name: 'envoy.filters.network.http_connection_manager',
        typed_config: {
          ...type(
            'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager',
          ),
          stat_prefix: 'own',
          route_config: {
            virtual_hosts: [
              {
                name: 'all',
                domains: ['*'],
                routes: [
                  {
                    match: { prefix: '/' },
                    route: { cluster: 'api' },
                    ...(perRoute && { typed_per_filter_config: perRoute }),
                  },
                ],
              },
            ],
          },
          http_filters: [
            ...filters,
            {
              name: 'envoy.filters.http.router',
              typed_config: type('envoy.extensions.filters.http.router.v3.Router'),
            },
          ],
        },
      },
    ],
  }
}

/** As a `typed_per_filter_config` has it, which Envoy may ignore where the filter has none. */
export const optional = (config: EnvoyJson): EnvoyJson => ({
  ...type('envoy.config.route.v3.FilterConfig'),
  is_optional: true,
  config,
})

export const openListener = (name: string, port: number, filterChain: EnvoyJson): EnvoyJson => ({
  name,
  address: { socket_address: { address: '0.0.0.0', port_value: port } },
  filter_chains: [filterChain],
})

export const internalListener = (filterChain: EnvoyJson): EnvoyJson => ({
  name: 'internal',
  internal_listener: {},
  filter_chains: [filterChain],
})

export const internalListeners: EnvoyJson = {
  name: 'envoy.bootstrap.internal_listener',
  typed_config: type('envoy.extensions.bootstrap.internal_listener.v3.InternalListener'),
}

export const cluster = (name: string, port: number, upstreamFilter?: EnvoyJson): EnvoyJson => ({
  name,
  type: 'STATIC',
  load_assignment: {
    cluster_name: name,
    endpoints: [
      {
        lb_endpoints: [
          {
            endpoint: { address: { socket_address: { address: '127.0.0.1', port_value: port } } },
          },
        ],
      },
    ],
  },
  ...(upstreamFilter && {
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        ...type('envoy.extensions.upstreams.http.v3.HttpProtocolOptions'),
        explicit_http_config: { http_protocol_options: {} },
        http_filters: [
          filter(upstreamFilter),
          {
            name: 'envoy.filters.http.upstream_codec',
            typed_config: type('envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec'),
          },
        ],
      },
    },
  }),
})
