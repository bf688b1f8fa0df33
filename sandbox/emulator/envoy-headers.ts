import { randomUUID } from 'node:crypto'
import type { ExchangeScript } from './exchange-script.ts'
import { HeaderMap, toBytes, type HeaderValue } from './header-map.ts'

/** The maps of one exchange at the four moments when Envoy 1.40 shows them. */
export interface ExchangeMaps {
  request: HeaderMap
  routedRequest: HeaderMap
  response: HeaderMap
  sentResponse: HeaderMap
}

/** What a client says to its own connection and Envoy takes away before any filter runs, unless it is an upgrade. */
const hopByHop = ['connection', 'upgrade', 'keep-alive', 'proxy-connection']

/** Pseudo-headers first, then the client's own, then Envoy's additions; the response loses its hop-by-hop ones last. */
export function exchangeMaps(script: ExchangeScript, now: number): ExchangeMaps {
  const request = requestMap(script)
  const routedRequest = request.copy().set('x-envoy-expected-rq-timeout-ms', '15000')
  for (const [name, value] of Object.entries(script.request?.routed ?? {})) {
    if (value === null) routedRequest.delete(name)
    else routedRequest.set(name, value)
  }
  const response = responseMap(script)
  const sentResponse = response.copy()
  if (response.size > 0) finishResponse(sentResponse, script, now)
  return { request, routedRequest, response, sentResponse }
}

function requestMap({ request = {} }: ExchangeScript): HeaderMap {
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
  // Envoy meets the expectation itself.
  if (map.text('expect')?.toLowerCase() === '100-continue') map.delete('expect')
  if (!map.get('x-forwarded-proto')) map.add('x-forwarded-proto', request.scheme ?? 'http')
  if (!map.get('x-request-id')) map.add('x-request-id', randomUUID())
  return map
}

/** Whether Envoy takes these for a request to switch protocols: it then leaves them their connection headers. */
function isUpgrade(map: HeaderMap): boolean {
  const tokens = (map.text('connection') ?? '').split(',').map((token) => token.trim())
  return map.get('upgrade') !== undefined && tokens.some((token) => /^upgrade$/i.test(token))
}

function responseMap(script: ExchangeScript): HeaderMap {
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

function finishResponse(map: HeaderMap, script: ExchangeScript, now: number): void {
  const { request, response, protocol, refusedBeforeFilter = false } = script
  map.delete('transfer-encoding').set('date', new Date(now).toUTCString()).set('server', 'envoy')
  if (response?.status !== 101 && !refusedBeforeFilter) map.delete('connection')
  // The rest of an HTTP/1 request that is answered too early is not read: the connection ends.
  const unread = response?.localReply === 'while-decoding' && request?.body !== undefined
  if (unread && protocol !== 'HTTP/2') map.set('connection', 'close')
}

export function chunksOf(body: HeaderValue | readonly HeaderValue[]): Uint8Array[] {
  const chunks = typeof body === 'string' || body instanceof Uint8Array ? [body] : body
  return chunks.map(toBytes)
}
