import { proxy_http_call } from '@solo-io/proxy-runtime/assembly/imports'
import { Status } from './constants'
import { Span } from '../memory/span'

/** Of a call: the answer carries it. */
@unmanaged
export class Token {
  /** 0 when the call was not made. */
  value: u32 = 0
}

/**
 * Sends a request to a cluster; the answer comes with `token` to `on_http_call_response` of the root context, also when the call is
 * made in a stream. `headers` is a blob made by `HeaderPairs`.
 * @note BadArgument: unknown cluster; InternalFailure: no healthy host or circuit breaker. Neither brings a callback.
 */
export function httpCall(
  cluster: Span,
  headers: usize,
  headersLength: u32,
  body: usize,
  bodyLength: u32,
  timeoutMs: u32,
  token: Token,
): Status {
  return proxy_http_call(
    cluster.start,
    cluster.length,
    headers,
    headersLength,
    body,
    bodyLength,
    0,
    0,
    timeoutMs,
    changetype<usize>(token),
  )
}
