import { nowMs } from '../abi/clock'
import { BufferType, MapType } from '../abi/constants'
import { headerPairs } from '../abi/header-map'
import { NO_BODY } from '../config/options'
import { Span, copyOf } from '../memory/span'
import { BodyPrefix } from './body-prefix'
import { giveBack, takeForHeaders } from './memory-budget'

const blob = new Span()

/**
 * What passed of one request and its response. Each method is one callback of the stream. Its parts lie behind it in the same
 * block of `EXCHANGE_SIZE` bytes; all zero is its initial state.
 */
@unmanaged
export class Exchange {
  /** When the request's headers came, Unix ms; 0 when the filter was never shown them. */
  arrivedAt: u64
  /** The headers could not be kept: what on_log shows instead may be the router's. */
  headersLost: bool
  /** on_log has come. */
  logged: bool
  /** The message's end has passed. */
  requestEnded: bool
  responseEnded: bool

  /** The request's header map as it came in, before the router changed it; empty when the filter was never shown it. */
  get requestHeaders(): Span {
    return changetype<Span>(changetype<usize>(this) + REQUEST_HEADERS)
  }

  /** The response's header map where on_log will not show it; empty elsewhere. */
  get responseHeaders(): Span {
    return changetype<Span>(changetype<usize>(this) + RESPONSE_HEADERS)
  }

  get requestBody(): BodyPrefix {
    return changetype<BodyPrefix>(changetype<usize>(this) + REQUEST_BODY)
  }

  get responseBody(): BodyPrefix {
    return changetype<BodyPrefix>(changetype<usize>(this) + RESPONSE_BODY)
  }

  passRequestHeaders(isLast: bool): void {
    if (isLast) this.requestEnded = true
    if (this.arrivedAt) return
    this.arrivedAt = nowMs()
    headerPairs(MapType.RequestHeaders, blob)
    this.keep(blob, this.requestHeaders)
  }

  /** @param limit bytes, or NO_BODY */
  passRequestBody(size: u32, isLast: bool, limit: i64): void {
    if (isLast) this.requestEnded = true
    if (limit != NO_BODY) this.requestBody.pass(BufferType.RequestBody, size, <u32>limit)
  }

  /** @param isWanted on_log will not show them. The last headers count: Envoy may replace the upstream's response by its own. */
  passResponseHeaders(isLast: bool, isWanted: bool): void {
    if (isLast) this.responseEnded = true
    if (!isWanted) return
    drop(this.responseHeaders)
    headerPairs(MapType.ResponseHeaders, blob)
    this.keep(blob, this.responseHeaders)
  }

  /** @param limit bytes, or NO_BODY */
  passResponseBody(size: u32, isLast: bool, limit: i64): void {
    if (isLast) this.responseEnded = true
    if (limit != NO_BODY) this.responseBody.pass(BufferType.ResponseBody, size, <u32>limit)
  }

  /** Frees the memory it owns, not the exchange itself. */
  release(): void {
    drop(this.requestHeaders)
    drop(this.responseHeaders)
    this.requestBody.free()
    this.responseBody.free()
  }

  private keep(map: Span, into: Span): void {
    if (takeForHeaders(map.length)) {
      into.set(copyOf(map.start, map.length), map.length)
    } else this.headersLost = true
  }
}

function drop(kept: Span): void {
  if (!kept.start) return
  heap.free(kept.start)
  giveBack(kept.length)
  kept.clear()
}

const REQUEST_HEADERS: usize = offsetof<Exchange>()
const RESPONSE_HEADERS: usize = REQUEST_HEADERS + offsetof<Span>()
const REQUEST_BODY: usize = RESPONSE_HEADERS + offsetof<Span>()
const RESPONSE_BODY: usize = REQUEST_BODY + offsetof<BodyPrefix>()

export const EXCHANGE_SIZE: usize = RESPONSE_BODY + offsetof<BodyPrefix>()
