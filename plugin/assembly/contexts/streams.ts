import { nowMs } from '../abi/clock'
import { NO_BODY } from '../config/options'
import { DropReason } from '../delivery/drop-reason'
import { logExchange } from './exchange-log'
import { writeEvent } from '../event/event'
import { Facts } from '../facts/facts'
import { Span } from '../memory/span'
import { find, release } from './roots'
import { StreamContext, openStream } from './stream-context'
import { addStream, findStream, removeStream } from './stream-table'

/** One for all: callbacks never overlap. */
const facts = new Facts()
const place = new Span()
const event = new Span()

export function create(id: u32, parent: u32): void {
  const root = find(parent)
  if (id == 0 || root == null || root.delivery == null || findStream(id) != null) return
  root.streams++
  addStream(openStream(id, root))
}

export function requestHeaders(id: u32, isLast: bool): void {
  const stream = findStream(id)
  if (stream == null) return
  stream.exchange.passRequestHeaders(isLast)
}

export function requestBody(id: u32, size: u32, isLast: bool): void {
  const stream = findStream(id)
  if (stream == null) return
  const options = stream.root.options
  const limit = options == null ? NO_BODY : options.requestBodyLimit
  stream.exchange.passRequestBody(size, isLast, limit)
}

export function requestTrailers(id: u32): void {
  const stream = findStream(id)
  if (stream != null) stream.exchange.requestEnded = true
}

export function responseHeaders(id: u32, isLast: bool): void {
  const stream = findStream(id)
  if (stream == null) return
  stream.exchange.passResponseHeaders(isLast, stream.root.http3.isSpoken())
}

export function responseBody(id: u32, size: u32, isLast: bool): void {
  const stream = findStream(id)
  if (stream == null) return
  const options = stream.root.options
  const limit = options == null ? NO_BODY : options.responseBodyLimit
  stream.exchange.passResponseBody(size, isLast, limit)
}

export function responseTrailers(id: u32): void {
  const stream = findStream(id)
  if (stream != null) stream.exchange.responseEnded = true
}

/** Whatever became of a stream, this comes, unless its client speaks HTTP/3: here the event is made. */
export function log(id: u32): void {
  const stream = findStream(id)
  if (stream == null || stream.exchange.logged) return
  stream.exchange.logged = true
  finish(stream)
}

/** A stream's last callback. True when it was a stream. */
export function done(id: u32): bool {
  const stream = removeStream(id)
  if (stream == null) return false
  const root = stream.root
  if (!stream.exchange.logged) {
    root.http3.learn()
    finish(stream)
  }
  stream.free()
  release(root)
  return true
}

/** The exchange is over: facts, decision, event, delivery. */
function finish(stream: StreamContext): void {
  const root = stream.root
  const options = root.options
  const delivery = root.delivery
  const metrics = root.metrics
  if (options == null || delivery == null || metrics == null) return
  if (stream.exchange.headersLost) {
    // What on_log shows instead of the request's is the router's version, with credentials it may have added.
    metrics.events.notPlaced(1, DropReason.Memory)
    return
  }
  if (!facts.open(stream.exchange, options)) return
  facts.complete(root.facts, nowMs())
  delivery.offer(place)
  if (!writeEvent(facts, options, place, event)) return
  delivery.add(event)
  if (options.debug) logExchange(event.length, facts.status)
}
