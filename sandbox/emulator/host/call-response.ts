import type { Answer } from './callouts.ts'
import { HeaderMap, toBytes } from '../abi/header-map.ts'

/** What on_http_call_response lets a plugin read. */
export interface CallResponse {
  headers: HeaderMap
  body: Uint8Array
  trailers: HeaderMap
}

/** When an answer arrives and what it looks like; null when none ever comes. */
export function responseTo(
  answer: Answer,
  timeoutMs: number,
): { delayMs: number; response: CallResponse } | null {
  if ('refuse' in answer || 'lost' in answer) return null
  const delayMs = 'silent' in answer ? Infinity : (answer.delayMs ?? 0)
  if (timeoutMs > 0 && delayMs >= timeoutMs) {
    return { delayMs: timeoutMs, response: localReply(504, 'upstream request timeout') }
  }
  return 'silent' in answer ? null : { delayMs, response: shapeOf(answer) }
}

const resetReasons = {
  'connection-refused': 'remote connection failure',
  'connect-timeout': 'connection timeout',
  terminated: 'connection termination',
}

type Response = Exclude<Answer, { refuse: number } | { silent: true } | { lost: true }>

function shapeOf(answer: Response): CallResponse {
  if ('reset' in answer) {
    return { headers: new HeaderMap(), body: new Uint8Array(0), trailers: new HeaderMap() }
  }
  if ('unreachable' in answer) {
    return localReply(
      503,
      `upstream connect error or disconnect/reset before headers. reset reason: ${resetReasons[answer.unreachable]}`,
    )
  }
  const body = toBytes(answer.body ?? '')
  const headers = HeaderMap.from({ ':status': String(answer.status) })
  for (const [name, value] of HeaderMap.from(answer.headers ?? {})) headers.add(name, value)
  if (!headers.get('content-length')) headers.add('content-length', String(body.length))
  headers.add('x-envoy-upstream-service-time', String(Math.round(answer.delayMs ?? 0)))
  return { headers, body, trailers: HeaderMap.from(answer.trailers ?? {}) }
}

/** Envoy's own answers carry no x-envoy-upstream-service-time: that distinguishes them from the collector's. */
function localReply(status: number, text: string): CallResponse {
  const body = toBytes(text)
  return {
    headers: HeaderMap.from({
      ':status': String(status),
      'content-length': String(body.length),
      'content-type': 'text/plain',
    }),
    body,
    trailers: new HeaderMap(),
  }
}
