import { Status } from '../abi/constants.ts'
import type { HeaderMap } from '../abi/header-map.ts'
import { encodeProperty, type PropertyValue } from '../abi/property-value.ts'
import type { StreamFacts } from './stream-facts.ts'

export type Phase =
  | 'created'
  | 'request headers'
  | 'request body'
  | 'request trailers'
  | 'response headers'
  | 'response body'
  | 'response trailers'
  | 'log'
  | 'done'

/** The maps that a callback shows or the plugin holds, in on_log all of them. */
export interface ShownMaps {
  requestHeaders: HeaderMap | null
  responseHeaders: HeaderMap | null
  responseTrailers: HeaderMap | null
}

/** The bytes of a property; a status where Envoy has it and cannot serialize it. */
export type PropertyBytes = Uint8Array | Status

/** One property as Envoy 1.40 shows it in this phase; null when it has none. */
export function streamProperty(
  facts: StreamFacts,
  phase: Phase,
  shown: ShownMaps,
  path: readonly string[],
): PropertyBytes | null {
  const name = path.join('.')
  const override = facts.overrides.get(name)
  if (override !== undefined) return override === null ? null : encodeProperty(override)
  if (objects.has(name)) return Status.SerializationFailure
  if (name === 'upstream_filter_state' && hasUpstream(facts, phase)) {
    return Status.SerializationFailure
  }
  const map = mapOf(shown, path)
  if (map !== undefined) return headerProperty(map, path[2])
  const header = requestHeaderProperty[name]
  const value = header
    ? shown.requestHeaders && header(shown.requestHeaders)
    : plainProperties[name]?.(facts, phase, shown)
  return value === null || value === undefined ? null : encodeProperty(value)
}

/** A whole map, or one header with the values of a repeated one joined. */
function headerProperty(map: HeaderMap | null, name?: string): Uint8Array | null {
  if (name === undefined) return map?.size ? map.encode() : emptyMap
  return map?.joined(name) ?? null
}

/** Also where there is no such map: the number of its pairs. */
const emptyMap = new Uint8Array(4)

/** Undefined where the path is none of a map. */
function mapOf(
  { requestHeaders, responseHeaders, responseTrailers }: ShownMaps,
  [side, part]: readonly string[],
): HeaderMap | null | undefined {
  if (part === 'headers' && side === 'request') return requestHeaders
  if (part === 'headers' && side === 'response') return responseHeaders
  return part === 'trailers' && side === 'response' ? responseTrailers : undefined
}

/** Their attributes can be read, they themselves cannot. */
const objects = new Set([
  'request',
  'response',
  'connection',
  'source',
  'destination',
  'upstream',
  'xds',
  'filter_state',
])

const requestHeaderProperty: Record<string, (headers: HeaderMap) => PropertyValue | null> = {
  'request.path': (headers) => headers.get(':path') ?? null,
  'request.url_path': (headers) => headers.text(':path')?.split('?')[0] ?? null,
  'request.query': (headers) => headers.text(':path')?.split('?').slice(1).join('?') ?? null,
  'request.host': (headers) => headers.get(':authority') ?? null,
  'request.scheme': (headers) => headers.get(':scheme') ?? null,
  'request.method': (headers) => headers.get(':method') ?? null,
  'request.referer': (headers) => headers.get('referer') ?? null,
  'request.useragent': (headers) => headers.get('user-agent') ?? null,
  'request.id': (headers) => headers.get('x-request-id') ?? null,
}

const isOver = (phase: Phase) => phase === 'log' || phase === 'done'
const hasResponse = (phase: Phase) => isOver(phase) || phase.startsWith('response')
/** The router has the headers: a host is picked. */
const isRouted = (phase: Phase) => phase !== 'created' && phase !== 'request headers'
const upstreamAddress = (facts: StreamFacts, phase: Phase) =>
  isRouted(phase) ? facts.upstreamAddress : null
const hasUpstream = (facts: StreamFacts, phase: Phase) => upstreamAddress(facts, phase) !== null
const nanoseconds = (ms: number) => BigInt(Math.round(ms * 1_000_000))

type Read = (facts: StreamFacts, phase: Phase, shown: ShownMaps) => PropertyValue | null

const plainProperties: Record<string, Read> = {
  'request.protocol': (facts) => facts.protocol,
  'request.time': (facts) => {
    const whole = Math.floor(facts.startedAt)
    return BigInt(whole) * 1_000_000n + nanoseconds(facts.startedAt - whole)
  },
  'request.duration': (facts, phase) =>
    isOver(phase) ? nanoseconds((facts.endedAt ?? facts.startedAt) - facts.startedAt) : null,
  'request.size': (facts) => facts.requestBytes,
  'request.total_size': (facts, _phase, { requestHeaders }) =>
    facts.requestBytes + (requestHeaders?.byteSize ?? 0),
  'response.code': (facts, phase) => (hasResponse(phase) ? facts.responseCode : null),
  'response.code_details': (facts, phase) => (hasResponse(phase) ? facts.codeDetails : null),
  'response.flags': (facts, phase) => (isOver(phase) ? facts.responseFlags : 0),
  'response.grpc_status': (facts, phase) => {
    // A response of trailers only has it among the headers.
    const trailer =
      facts.responseTrailers.text('grpc-status') ?? facts.responseHeaders.text('grpc-status')
    if (isOver(phase)) return trailer === undefined ? 2 : Number(trailer)
    return hasResponse(phase) ? 2 : null
  },
  'response.size': (facts) => facts.responseBytes,
  'response.total_size': (facts, phase) =>
    isOver(phase) ? facts.responseBytes + facts.responseHeaders.byteSize : 0,
  'response.backend_latency': (facts, phase) =>
    isOver(phase) && facts.upstreamAddress !== null
      ? nanoseconds((facts.endedAt ?? facts.startedAt) - facts.startedAt)
      : null,
  'source.address': (facts) => facts.sourceAddress,
  'source.port': (facts) => portOf(facts.sourceAddress),
  'destination.address': (facts) => facts.destinationAddress,
  'destination.port': (facts) => portOf(facts.destinationAddress),
  'connection.id': (facts) => facts.connectionId,
  connection_id: (facts) => facts.connectionId,
  'connection.mtls': () => false,
  'connection.requested_server_name': () => '',
  'upstream.address': upstreamAddress,
  'upstream.port': (facts, phase) => {
    const address = upstreamAddress(facts, phase)
    return address === null ? null : portOf(address)
  },
  'upstream.local_address': (facts, phase) =>
    hasUpstream(facts, phase) ? facts.upstreamLocalAddress : null,
  'upstream.transport_failure_reason': (facts, phase) => (hasUpstream(facts, phase) ? '' : null),
  'upstream.locality': (facts, phase) => (hasUpstream(facts, phase) ? '' : null),
  'upstream.request_attempt_count': (_facts, phase) => (isRouted(phase) ? 1 : 0),
  metadata: () => '',
  'xds.route_name': (facts) => facts.routeName ?? '',
  'xds.cluster_name': (facts) => facts.clusterName,
  'xds.listener_direction': (facts) => facts.listenerDirection,
  'xds.virtual_host_name': (facts) => facts.virtualHostName,
  'xds.filter_chain_name': () => '',
  'xds.cluster_metadata': () => '',
  'xds.listener_metadata': () => '',
  'xds.route_metadata': () => '',
  'xds.upstream_host_metadata': (facts, phase) => (hasUpstream(facts, phase) ? '' : null),
}

function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1))
}
