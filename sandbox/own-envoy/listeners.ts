import type { ListenerPlacement } from '../envoy/listener.ts'
import type { EnvoyJson } from '../envoy/envoy-json.ts'
import { field, messages, setField } from './proto-json.ts'

/** A listener of a configuration that takes TCP connections on a port. */
export interface OwnListener {
  name: string
  port: number
  /** Whether each of its filter chains speaks TLS. */
  tls: boolean
}

const LOOPBACK = { '4': '127.0.0.1', '6': '::1' }

/** The TCP listeners among these, each with a name. A pipe or an internal listener has no port to send requests to. */
export function tcpListeners(listeners: EnvoyJson[]): OwnListener[] {
  return listeners.filter(takesTcp).map((listener) => ({
    name: nameOf(listener, listeners),
    port: Number(field(listener, 'address', 'socket_address', 'port_value') ?? 0),
    tls: speaksTls(listener),
  }))
}

function speaksTls(listener: EnvoyJson): boolean {
  const chains = messages(listener, 'filter_chains').concat(
    (field(listener, 'default_filter_chain') as EnvoyJson | undefined) ?? [],
  )
  return (
    chains.length > 0 &&
    chains.every((chain) =>
      String(field(chain, 'transport_socket', 'typed_config', '@type')).endsWith(
        '.DownstreamTlsContext',
      ),
    )
  )
}

/** Binds every address of a listener to loopback, the first of a TCP listener where the sandbox finds it. */
export function bindListener(
  listener: EnvoyJson,
  name: string,
  placement: Pick<ListenerPlacement, 'address' | 'port'> | undefined,
): void {
  setField(listener, 'name', name)
  const first = placement
    ? { socket_address: { address: placement.address, port_value: placement.port } }
    : onLoopback(field(listener, 'address'))
  const taken = new Set([keyOf(first)])
  const more = messages(listener, 'additional_addresses').flatMap((additional) => {
    const address = onLoopback(field(additional, 'address'))
    if (taken.has(keyOf(address))) return []
    taken.add(keyOf(address))
    return [{ ...additional, address }]
  })
  setField(listener, 'address', first)
  setField(listener, 'additional_addresses', more.length > 0 ? more : undefined)
}

export const nameOf = (listener: EnvoyJson, listeners: EnvoyJson[]): string =>
  String(field(listener, 'name') ?? `listener-${listeners.indexOf(listener)}`)

export const takesTcp = (listener: EnvoyJson): boolean => {
  const socket = field(listener, 'address', 'socket_address')
  return socket !== undefined && String(field(socket, 'protocol') ?? 'TCP') === 'TCP'
}

/** @note a name instead of an address is resolved by Envoy: loopback has none to resolve. */
function onLoopback(address: unknown): unknown {
  const socket = field(address, 'socket_address')
  if (socket === undefined) return address
  const family = String(field(socket, 'address') ?? '').includes(':') ? '6' : '4'
  return {
    socket_address: {
      protocol: field(socket, 'protocol') ?? 'TCP',
      address: LOOPBACK[family],
      port_value: Number(field(socket, 'port_value') ?? 0),
    },
  }
}

const keyOf = (address: unknown): string => {
  const socket = field(address, 'socket_address')
  return socket === undefined
    ? JSON.stringify(address)
    : [
        field(socket, 'protocol') ?? 'TCP',
        field(socket, 'address'),
        field(socket, 'port_value'),
      ].join(' ')
}
