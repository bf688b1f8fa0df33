import { randomUUID } from 'node:crypto'
import type { ExchangeScript } from './exchange-script.ts'
import { HeaderMap, toBytes, type HeaderValue } from '../abi/header-map.ts'

/** Hop-by-hop headers, which Envoy removes before any filter runs, unless the request is an upgrade. */
const hopByHop = ['connection', 'upgrade', 'keep-alive', 'proxy-connection']

/** The request as the first filter sees it: pseudo-headers, then the client's own, then Envoy's additions. */
export function requestMap({ request = {} }: ExchangeScript): HeaderMap {
  const { authority = 'api.example.com' } = request
  const map = new HeaderMap()
  if (authority !== '') map.add(':authority', authority)
  map.add(':path', request.path ?? '/').add(':method', request.method ?? 'GET')
  map.add(':scheme', request.scheme ?? 'http')
  for (const [name, value] of HeaderMap.from(request.headers ?? {})) map.add(name, value)
  // Without a host Envoy refuses a request before it does anything to its headers.
  if (authority === '') return map
  map.delete('transfer-encoding')
  if (!isUpgrade(map)) for (const name of hopByHop) map.delete(name)
  // Envoy answers 100 Continue itself.
  if (map.text('expect')?.toLowerCase() === '100-continue') map.delete('expect')
  if (!map.get('x-forwarded-proto')) map.add('x-forwarded-proto', request.scheme ?? 'http')
  if (!map.get('x-request-id')) map.add('x-request-id', randomUUID())
  return map
}

/** Whether Envoy treats this as a request to switch protocols, and keeps the connection headers. */
function isUpgrade(map: HeaderMap): boolean {
  const tokens = (map.text('connection') ?? '').split(',').map((token) => token.trim())
  return map.get('upgrade') !== undefined && tokens.some((token) => /^upgrade$/i.test(token))
}

/** What the router changes in a request after the filters; on_log shows it. */
export function routeRequest(map: HeaderMap, { request }: ExchangeScript): void {
  map.set('x-envoy-expected-rq-timeout-ms', '15000')
  for (const [name, value] of Object.entries(request?.routed ?? {})) {
    if (value === null) map.delete(name)
    else map.assign(name, value)
  }
}

/** The response as it comes from the upstream or from Envoy itself; empty when there is none. */
export function responseMap(script: ExchangeScript): HeaderMap {
  const { response = {}, durationMs = 0 } = script
  const map = new HeaderMap()
  if (response === null) return map
  map.add(':status', String(response.status ?? 200))
  for (const [name, value] of HeaderMap.from(response.headers ?? {})) map.add(name, value)
  const byUpstream = response.localReply === undefined && !script.refusedBeforeFilter
  if (byUpstream && response.status !== 101) {
    map.add('x-envoy-upstream-service-time', String(Math.round(durationMs)))
  }
  return map
}

/**
 * What Envoy changes in a response after the filters: removes hop-by-hop headers, adds date and server.
 * @param local a filter of the chain answered
 */
export function finishResponse(
  map: HeaderMap,
  { request, response, protocol, refusedBeforeFilter = false }: ExchangeScript,
  now: number,
  local: boolean,
): void {
  map.delete('transfer-encoding').set('date', new Date(now).toUTCString()).set('server', 'envoy')
  if (response?.status !== 101 && !refusedBeforeFilter) map.delete('connection')
  // The rest of an HTTP/1 request that is answered early is not read: the connection is closed.
  const isEarly = local || response?.localReply === 'while-decoding'
  if (isEarly && request?.body !== undefined && protocol !== 'HTTP/2')
    map.set('connection', 'close')
}

export function chunksOf(body: HeaderValue | readonly HeaderValue[]): Uint8Array[] {
  const chunks = typeof body === 'string' || body instanceof Uint8Array ? [body] : body
  return chunks.map(toBytes)
}
