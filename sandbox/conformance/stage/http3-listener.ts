import { once } from 'node:events'
import { createSocket } from 'node:dgram'
import type { ClusterOptions } from '../../envoy/cluster.ts'
import type { ListenerOptions } from '../../envoy/listener.ts'
import { envoyFile } from '../../envoy/options.ts'
import type { Certificate } from './self-signed.ts'

const TYPES = 'type.googleapis.com/envoy.extensions'
const QUIC = 'transport_sockets.quic.v3'

/** Envoy's files for `http3Listener`. */
export const http3Files = ({ certificate, key }: Certificate): Record<string, string> => ({
  'http3.pem': certificate,
  'http3.key': key,
})

/** What makes a listener speak HTTP/3 only, at a UDP port of Envoy's own loopback address. */
export const http3Listener = (port: number): Partial<ListenerOptions> => ({
  hcm: { codec_type: 'HTTP3', http3_protocol_options: {} },
  raw: {
    address: { socket_address: { protocol: 'UDP', address: '127.0.0.1', port_value: port } },
    udp_listener_config: { quic_options: {} },
  },
  transportSocket: {
    name: 'envoy.transport_sockets.quic',
    typed_config: {
      '@type': `${TYPES}.${QUIC}.QuicDownstreamTransport`,
      downstream_tls_context: {
        common_tls_context: {
          tls_certificates: [
            {
              certificate_chain: { filename: envoyFile('http3.pem') },
              private_key: { filename: envoyFile('http3.key') },
            },
          ],
        },
      },
    },
  },
})

/**
 * The client of such a listener in the same Envoy, since Node has none. Its endpoint is spelled out: an address of this machine would
 * not be Envoy's own in a container.
 */
export const http3Cluster = (name: string, port: number): ClusterOptions => ({
  name,
  url: [],
  raw: {
    load_assignment: {
      cluster_name: name,
      endpoints: [
        {
          lb_endpoints: [
            {
              endpoint: {
                address: { socket_address: { address: '127.0.0.1', port_value: port } },
              },
            },
          ],
        },
      ],
    },
    transport_socket: {
      name: 'envoy.transport_sockets.quic',
      typed_config: {
        '@type': `${TYPES}.${QUIC}.QuicUpstreamTransport`,
        upstream_tls_context: { sni: 'http3.example', common_tls_context: {} },
      },
    },
    typed_extension_protocol_options: {
      'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': {
        '@type': `${TYPES}.upstreams.http.v3.HttpProtocolOptions`,
        explicit_http_config: { http3_protocol_options: {} },
      },
    },
  },
})

/** A UDP port of this machine that is free now. */
export async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  await new Promise<void>((resolve) => {
    socket.close(resolve)
  })
  return port
}
