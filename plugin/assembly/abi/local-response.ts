import { proxy_send_local_response } from '@solo-io/proxy-runtime/assembly/imports'
import { Span } from '../memory/span'
import { Status } from './constants'
import { HeaderPairs } from './header-pairs'

/** No gRPC status given: Envoy derives it from the HTTP status. */
const NO_GRPC_STATUS: u32 = 0xffffffff

/** Answers the request instead of the upstream, after the callback has returned. @param details what `response.code_details` will say */
export function sendLocalResponse(
  status: u32,
  details: Span,
  body: usize,
  bodyLength: u32,
  headers: HeaderPairs,
): Status {
  return proxy_send_local_response(
    status,
    details.start,
    details.length,
    body,
    bodyLength,
    headers.blob,
    headers.length,
    NO_GRPC_STATUS,
  )
}
