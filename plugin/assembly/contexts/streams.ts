import { Action } from '../abi/constants'
import { nowMs } from '../abi/clock'
import { NO_BODY } from '../config/options'
import { Keep } from '../decision/decision'
import { Documents } from '../documents/documents'
import { DropReason } from '../delivery/drop-reason'
import { logExchange } from './exchange-log'
import { writeEvent } from '../event/event'
import { Span } from '../memory/span'
import { streamSeen } from './configuration-gauge'
import { decideAtHeaders, isWanted } from './deciding'
import {
  governBody,
  governWhole,
  isAnyHeld,
  mark,
  markUnjudged,
  passUnjudged,
  stopHolding,
} from './governing'
import { facts } from './open-facts'
import { find, release } from './roots'
import { StreamContext, openStream } from './stream-context'
import { addStream, findStream, nextSlot, removeStream, streamAt } from './stream-table'

const place = new Span()
const event = new Span()

export function create(id: u32, parent: u32): void {
  const root = find(parent)
  if (root == null) return
  streamSeen(root)
  if (root.delivery == null || findStream(id) != null) return
  root.streams++
  addStream(openStream(id, root))
}

export function requestHeaders(id: u32, isLast: bool): Action {
  const stream = findStream(id)
  if (stream == null) return Action.Continue
  stream.exchange.passRequestHeaders(isLast)
  const documents = activeDocuments(stream)
  if (documents == null && stream.root.skipRules == null) return Action.Continue
  const action = decideAtHeaders(stream, documents, isLast)
  if (stream.decision.isSettled) forget(stream)
  return action
}

/** Null where no document is wanted, or none has come yet. */
function activeDocuments(stream: StreamContext): Documents | null {
  const documents = stream.root.documents
  return documents != null && documents.areActive ? documents : null
}

export function requestBody(id: u32, size: u32, isLast: bool): Action {
  const stream = findStream(id)
  if (stream == null) return Action.Continue
  const holds = stream.decision.holds
  stream.exchange.passRequestBody(size, isLast, requestLimit(stream, holds))
  return holds ? governBody(stream, isLast) : Action.Continue
}

export function requestTrailers(id: u32): Action {
  const stream = findStream(id)
  if (stream == null) return Action.Continue
  stream.exchange.requestEnded = true
  return stream.decision.holds ? governWhole(stream) : Action.Continue
}

export function responseHeaders(id: u32, isLast: bool): void {
  const stream = findStream(id)
  if (stream == null) return
  // An upstream that answers before it has all of the request: too late to refuse it.
  if (stream.decision.holds) markUnjudged(stream)
  if (stream.decision.marks) mark(stream)
  stream.exchange.passResponseHeaders(isLast, stream.root.http3.isSpoken())
}

export function responseBody(id: u32, size: u32, isLast: bool): void {
  const stream = findStream(id)
  if (stream == null) return
  const options = stream.root.options
  let limit = NO_BODY
  if (options != null && stream.decision.keep != Keep.No) limit = options.responseBodyLimit
  stream.exchange.passResponseBody(size, isLast, limit)
}

export function responseTrailers(id: u32): void {
  const stream = findStream(id)
  if (stream != null) stream.exchange.responseEnded = true
}

/** Resumes requests that wait for a rule and get no further, of every root. @param rootId whose callback this is */
export function releaseStalled(rootId: u32): void {
  if (!isAnyHeld()) return
  const now = nowMs()
  for (let slot = nextSlot(0); slot; slot = nextSlot(slot)) {
    const stream = streamAt(slot - 1)
    const isStalled = stream.decision.isStalled(stream.exchange.requestBody.length, now)
    if (isStalled) passUnjudged(stream, rootId)
  }
}

/** Bytes that are kept of a request's body, or NO_BODY. */
function requestLimit(stream: StreamContext, holds: bool): i64 {
  const options = stream.root.options
  if (options == null) return NO_BODY
  if (!holds) return stream.decision.keep == Keep.No ? NO_BODY : options.requestBodyLimit
  if (options.disableCaptureRequestBody || stream.decision.keep == Keep.No) {
    stream.decision.bodyIsForRules = true
  }
  return options.requestMaxBodySizeLimit
}

/** The stream is done: no further callback finds it. */
function forget(stream: StreamContext): void {
  const root = stream.root
  removeStream(stream.id)
  stream.free()
  release(root)
}

/** Called however a stream ended, unless its client speaks HTTP/3: the event is made here. */
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
  stopHolding(stream)
  if (!stream.exchange.logged) {
    root.http3.endedWithoutLog()
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
  if (options == null || delivery == null) return
  if (stream.decision.keep == Keep.No) return
  if (stream.exchange.headersLost) {
    // What on_log shows instead of the request's is the router's version, with credentials it may have added.
    delivery.drop(DropReason.Memory)
    return
  }
  if (!facts.open(stream.exchange, options) || !isWanted(stream)) return
  facts.complete(root.facts, nowMs())
  delivery.offer(place)
  writeEvent(facts, stream.decision, options, place, event)
  delivery.add(event)
  if (options.debug) logExchange(event.length, facts.status)
}
