import { proxy_http_call } from '@solo-io/proxy-runtime/assembly/imports'
import { Status } from './constants'
import { Span } from '../memory/span'

const slot = memory.data(4)

/**
 * Sends a request to a cluster; the answer comes to `on_http_call_response` of the root context, also when the call is
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
): Status {
  store<u32>(slot, 0)
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
    slot,
  )
}

/** Token of the last `httpCall` that was Ok: the answer carries it. */
export function callToken(): u32 {
  return load<u32>(slot)
}
