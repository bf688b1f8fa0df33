import { isIP } from 'node:net'
import type { EnvoyJson } from './envoy-json.ts'

export interface ClusterOptions {
  name: string
  /**
   * `http://host:port`, or several; `[]` is a cluster without a host. `https://` adds TLS that verifies nothing but is
   * enough for SNI. A path has no place in a cluster.
   */
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

const IPV4_LOOPBACK = '127.0.0.1'
const IPV6_LOOPBACK = '::1'
const THIS_MACHINE = new Set(['localhost', IPV4_LOOPBACK, '[::1]', '0.0.0.0', '[::]'])

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
      endpoints: [{ lb_endpoints: addresses.map((address) => ({ endpoint: endpoint(address) })) }],
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
  const isHttp = parsed?.protocol === 'http:' || parsed?.protocol === 'https:'
  if (isHttp && `${parsed.origin}/` === parsed.href) return parsed
  throw new Error(`"${url}" is no address for cluster ${cluster}: expected http://host:port`)
}

interface Address {
  host: string
  /** Tried when nothing listens on `host`. */
  otherHost?: string
  port: number
}

function addressOf(url: URL, hostAddress: string): Address {
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
  const isHere = hostAddress === IPV4_LOOPBACK
  if (isHere && url.hostname === '[::1]') return { host: IPV6_LOOPBACK, port }
  if (isHere && url.hostname === 'localhost') {
    return { host: IPV4_LOOPBACK, otherHost: IPV6_LOOPBACK, port }
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  return { host: THIS_MACHINE.has(url.hostname) ? hostAddress : host, port }
}

const endpoint = ({ host, otherHost, port }: Address): EnvoyJson => ({
  address: socketAddress(host, port),
  ...(otherHost !== undefined && {
    additional_addresses: [{ address: socketAddress(otherHost, port) }],
  }),
})

const socketAddress = (address: string, port: number): EnvoyJson => ({
  socket_address: { address, port_value: port },
})

/** The `transport_socket` for TLS with this server name; it verifies nothing. */
export const tlsTo = (sni: string): EnvoyJson => ({
  name: 'envoy.transport_sockets.tls',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext',
    sni,
  },
})
