import { nowMs } from '../abi/clock'
import { BufferType, MapType } from '../abi/constants'
import { headerPairs } from '../abi/header-map'
import { Span } from '../memory/span'
import { DropReason } from '../delivery/drop-reason'
import { eventLength, eventStatus, writeEvent } from '../event/event'
import { find, release } from './roots'
import { logExchange } from '../event/debug-line'
import { Exchange, openExchange } from '../capture/exchange'
import { addExchange, findExchange, removeExchange } from './stream-table'

const blob = new Span()

export function create(id: u32, parent: u32): void {
  const root = find(parent)
  if (id == 0 || root == null || root.delivery == null || findExchange(id) != null) return
  root.streams++
  addExchange(openExchange(id, root))
}

export function requestHeaders(id: u32, isLast: bool): void {
  const exchange = findExchange(id)
  if (exchange == null) return
  if (isLast) exchange.requestEnded = true
  if (!exchange.arrivedAt) exchange.arrivedAt = nowMs()
  headerPairs(MapType.RequestHeaders, blob)
  exchange.keepRequestHeaders(blob)
}

export function requestBody(id: u32, size: u32, isLast: bool): void {
  const exchange = findExchange(id)
  if (exchange == null) return
  if (isLast) exchange.requestEnded = true
  const options = exchange.root.options
  if (options == null || options.disableCaptureRequestBody) return
  exchange.requestBody.pass(BufferType.RequestBody, size, options.requestMaxBodySizeLimit)
}

export function responseHeaders(id: u32, isLast: bool): void {
  const exchange = findExchange(id)
  if (exchange == null) return
  if (isLast) exchange.responseEnded = true
  if (!exchange.root.http3.isSpoken()) return
  headerPairs(MapType.ResponseHeaders, blob)
  exchange.keepResponseHeaders(blob)
}

export function responseBody(id: u32, size: u32, isLast: bool): void {
  const exchange = findExchange(id)
  if (exchange == null) return
  if (isLast) exchange.responseEnded = true
  const options = exchange.root.options
  if (options == null || options.disableCaptureResponseBody) return
  exchange.responseBody.pass(BufferType.ResponseBody, size, options.responseMaxBodySizeLimit)
}

/** Whatever became of a stream, this comes, unless its client speaks HTTP/3: here the event is made. */
export function log(id: u32): void {
  const exchange = findExchange(id)
  if (exchange == null || exchange.logged) return
  exchange.logged = true
  makeEvent(exchange)
}

/** A stream's last callback. True when it was a stream. */
export function done(id: u32): bool {
  const exchange = removeExchange(id)
  if (exchange == null) return false
  const root = exchange.root
  if (!exchange.logged) {
    root.http3.learn()
    makeEvent(exchange)
  }
  exchange.free()
  release(root)
  return true
}

function makeEvent(exchange: Exchange): void {
  const root = exchange.root
  const options = root.options
  const delivery = root.delivery
  if (options == null || delivery == null) return
  const metrics = root.metrics
  if (exchange.headersLost) {
    // What on_log shows instead of the request's is the router's version, with credentials it may have added.
    if (metrics != null) metrics.events.notPlaced(1, DropReason.Memory)
    return
  }
  const now = nowMs()
  const event = writeEvent(exchange, options, now)
  if (!event) return
  const length = eventLength()
  delivery.add(event, length, now)
  if (options.debug) logExchange(length, eventStatus())
}
