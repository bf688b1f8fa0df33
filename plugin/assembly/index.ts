/**
 * The callbacks of ABI 0.2.1 that this filter uses, and nothing else: the host skips the crossing for what is not
 * exported. Those for which the host is asked for something first take back the memory that it answered into before.
 */
import './abi/abort'
import { Action } from './abi/constants'
import { allocate, reset } from './memory/arena'
import * as roots from './contexts/roots'
import * as streams from './contexts/streams'

export function proxy_abi_version_0_2_1(): void {}

export function malloc(size: usize): usize {
  return allocate(size)
}

export function proxy_on_context_create(context: u32, parent: u32): void {
  if (parent == 0) roots.create(context)
  else streams.create(context, parent)
}

export function proxy_on_configure(root: u32, size: u32): u32 {
  reset()
  roots.configure(root, size)
  // Always true: false stops Envoy at start, and under Istio answers 500 to every request.
  return 1
}

export function proxy_on_tick(root: u32): void {
  reset()
  roots.tick(root)
  streams.releaseStalled(root)
}

export function proxy_on_http_call_response(
  root: u32,
  token: u32,
  _headers: u32,
  bodySize: u32,
  _trailers: u32,
): void {
  reset()
  roots.answered(root, token, bodySize)
}

export function proxy_on_request_headers(stream: u32, _headers: u32, endOfStream: u32): u32 {
  reset()
  return streams.requestHeaders(stream, endOfStream != 0)
}

export function proxy_on_request_body(stream: u32, size: u32, endOfStream: u32): u32 {
  reset()
  return streams.requestBody(stream, size, endOfStream != 0)
}

/** Trailers end a message in place of its last chunk; they themselves are not captured. */
export function proxy_on_request_trailers(stream: u32, _trailers: u32): u32 {
  reset()
  return streams.requestTrailers(stream)
}

export function proxy_on_response_headers(stream: u32, _headers: u32, endOfStream: u32): u32 {
  reset()
  streams.responseHeaders(stream, endOfStream != 0)
  return Action.Continue
}

export function proxy_on_response_body(stream: u32, size: u32, endOfStream: u32): u32 {
  streams.responseBody(stream, size, endOfStream != 0)
  return Action.Continue
}

export function proxy_on_response_trailers(stream: u32, _trailers: u32): u32 {
  streams.responseTrailers(stream)
  return Action.Continue
}

export function proxy_on_log(stream: u32): void {
  reset()
  streams.log(stream)
}

/** The last callback of streams and roots: `proxy_on_delete` would be one crossing more for each exchange. */
export function proxy_on_done(context: u32): u32 {
  reset()
  return streams.done(context) || roots.done(context) ? 1 : 0
}
