import { isIP } from 'node:net'
import type { EnvoyJson } from './options.ts'

export interface ClusterOptions {
  name: string
  /** `http://host:port`, or several; `[]` is a cluster without a host. `https://` adds TLS that verifies nothing but is enough for SNI. */
  url: string | string[]
  /** Speak HTTP/2 with prior knowledge. */
  http2?: boolean
  connectTimeoutMs?: number
  /** How long a pooled connection may be idle; Envoy's default is an hour. */
  idleTimeoutMs?: number
  /** `transport_socket` for TLS with one's own validation. */
  transportSocket?: EnvoyJson
  /** Merged over the generated cluster. */
  raw?: EnvoyJson
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]', '0.0.0.0', '[::]'])

const HTTP_OPTIONS = 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions'

/** `hostAddress` is how Envoy reaches this machine: it takes the place of a loopback address. */
export function buildCluster(options: ClusterOptions, hostAddress: string): EnvoyJson {
  const urls = [options.url].flat().map((url) => parseUrl(url, options.name))
  const addresses = urls.map((url) => addressOf(url, hostAddress))
  const tls = urls.find((url) => url.protocol === 'https:')
  const transportSocket = options.transportSocket ?? (tls && tlsTo(tls.hostname))
  return {
    name: options.name,
    // @note a host name in a STATIC cluster is refused by Envoy.
    type: addresses.every(({ host }) => isIP(host) !== 0) ? 'STATIC' : 'STRICT_DNS',
    ...(addresses.some(({ host }) => isIP(host) === 0) && { dns_lookup_family: 'V4_PREFERRED' }),
    connect_timeout: `${(options.connectTimeoutMs ?? 2_000) / 1000}s`,
    ...(transportSocket && { transport_socket: transportSocket }),
    ...protocolOptions(options),
    load_assignment: {
      cluster_name: options.name,
      endpoints: [{ lb_endpoints: addresses.map(({ host, port }) => endpoint(host, port)) }],
    },
    ...options.raw,
  }
}

function protocolOptions({ http2 = false, idleTimeoutMs }: ClusterOptions): EnvoyJson {
  if (!http2 && idleTimeoutMs === undefined) return {}
  return {
    typed_extension_protocol_options: {
      [HTTP_OPTIONS]: {
        '@type': `type.googleapis.com/${HTTP_OPTIONS}`,
        explicit_http_config: http2
          ? { http2_protocol_options: {} }
          : { http_protocol_options: {} },
        ...(idleTimeoutMs !== undefined && {
          common_http_protocol_options: { idle_timeout: `${idleTimeoutMs / 1000}s` },
        }),
      },
    },
  }
}

function parseUrl(url: string, cluster: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') return parsed
  throw new Error(`"${url}" is no address for cluster ${cluster}: expected http://host:port`)
}

function addressOf(url: URL, hostAddress: string): { host: string; port: number } {
  return {
    host: LOOPBACK.has(url.hostname) ? hostAddress : url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80),
  }
}

const endpoint = (address: string, port: number): EnvoyJson => ({
  endpoint: { address: { socket_address: { address, port_value: port } } },
})

const tlsTo = (sni: string): EnvoyJson => ({
  name: 'envoy.transport_sockets.tls',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
    sni,
  },
})
