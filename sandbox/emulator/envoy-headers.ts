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

/** Pseudo-headers first, then the client's own, then Envoy's additions; hop-by-hop ones leave with the last step. */
export function exchangeMaps(script: ExchangeScript, now: number): ExchangeMaps {
  const request = requestMap(script)
  const routedRequest = request.copy().set('x-envoy-expected-rq-timeout-ms', '15000')
  for (const [name, value] of Object.entries(script.request?.routed ?? {})) {
    if (value === null) routedRequest.delete(name)
    else routedRequest.set(name, value)
  }
  const response = responseMap(script)
  const sentResponse = response.copy().delete('connection').delete('transfer-encoding')
  if (response.size > 0)
    sentResponse.set('date', new Date(now).toUTCString()).set('server', 'envoy')
  return { request, routedRequest, response, sentResponse }
}

function requestMap({ request = {} }: ExchangeScript): HeaderMap {
  const map = new HeaderMap()
    .add(':authority', request.authority ?? 'api.example.com')
    .add(':path', request.path ?? '/')
    .add(':method', request.method ?? 'GET')
    .add(':scheme', request.scheme ?? 'http')
  for (const [name, value] of HeaderMap.from(request.headers ?? {})) map.add(name, value)
  if (!map.get('x-forwarded-proto')) map.add('x-forwarded-proto', request.scheme ?? 'http')
  if (!map.get('x-request-id')) map.add('x-request-id', randomUUID())
  return map
}

function responseMap({ response = {}, durationMs = 0 }: ExchangeScript): HeaderMap {
  const map = new HeaderMap()
  if (response === null) return map
  map.add(':status', String(response.status ?? 200))
  for (const [name, value] of HeaderMap.from(response.headers ?? {})) map.add(name, value)
  if (!response.localReply) map.add('x-envoy-upstream-service-time', String(Math.round(durationMs)))
  return map
}

export function chunksOf(body: HeaderValue | readonly HeaderValue[]): Uint8Array[] {
  const chunks = typeof body === 'string' || body instanceof Uint8Array ? [body] : body
  return chunks.map(toBytes)
}
