import { nowMs } from '../abi/clock'
import { Action, MapType, Status } from '../abi/constants'
import { addHeader, replaceHeader } from '../abi/header-map'
import { HeaderPairs } from '../abi/header-pairs'
import { sendLocalResponse } from '../abi/local-response'
import { continueRequest } from '../abi/stream'
import { BodyState } from '../capture/body-prefix'
import { BodyView } from '../conditions/subject'
import { viewBody, viewOfAwaited } from '../decision/body-view'
import { govern } from '../decision/govern'
import { Reply, nextPacked, packedCount } from '../decision/reply'
import { Rule } from '../decision/rule'
import { RuleSet } from '../decision/rule-set'
import { Ruling } from '../decision/ruling'
import { Span, equal, utf8 } from '../memory/span'
import { facts, openRequest, subject } from './open-facts'
import { StreamContext } from './stream-context'

const DETAILS = utf8('moesif_governance')
const SET_COOKIE = utf8('set-cookie')

/** A body that is held back, longer than this, to which nothing came for so long: Envoy may hold no more of it, and has stopped reading. */
const STALLED_BYTES: u32 = 16 * 1024
const STALLED_MS: u64 = 250

/** One each: callbacks never overlap. */
const ruling = new Ruling()
const reply = new Reply()
const name = new Span()
const value = new Span()

/** The request's headers are here, and open as facts: refuses it, marks its response, or holds back the body that a rule has to see. */
export function governHeaders(stream: StreamContext, rules: RuleSet, isLast: bool): Action {
  subject.bodyView = !isLast && rules.looksAtBody ? awaitedView(stream) : BodyView.None
  judge(stream, rules)
  subject.bodyView = BodyView.None
  if (!ruling.waits) return apply(stream, rules)
  stream.decision.holds = true
  stream.decision.heldAt = nowMs()
  stream.root.holding++
  return Action.Continue
}

/** A piece of a body that is held back has come. */
export function governBody(stream: StreamContext, isLast: bool): Action {
  if (isLast || stream.exchange.requestBody.state != BodyState.Whole) return governWhole(stream)
  stream.decision.heldAt = nowMs()
  return Action.HoldChunks
}

/** The body that was held back is complete, or will not become so: decides with what there is of it. */
export function governWhole(stream: StreamContext): Action {
  letGo(stream)
  const documents = stream.root.documents
  const rules = documents != null ? documents.rules : null
  if (rules == null || !openRequest(stream)) return Action.Continue
  const body = stream.exchange.requestBody
  if (body.state == BodyState.OutOfMemory || body.state == BodyState.Unreadable) failOpen(stream)
  else if (body.state == BodyState.Whole && body.length) {
    viewBody(subject, body.start, body.length)
  }
  judge(stream, rules)
  const action = apply(stream, rules)
  if (stream.decision.bodyIsForRules) body.forget()
  return action
}

/** The stream holds nothing back any more. */
export function letGo(stream: StreamContext): void {
  if (!stream.decision.holds) return
  stream.decision.holds = false
  stream.root.holding--
}

/** Whether a body that is held back gets no further, though it has not ended. */
export function isStalled(stream: StreamContext, now: u64): bool {
  const decision = stream.decision
  if (!decision.holds || stream.exchange.requestBody.length < STALLED_BYTES) return false
  return now - decision.heldAt >= STALLED_MS
}

/** Lets a request go on whose body cannot be waited for. */
export function passUnjudged(stream: StreamContext): void {
  markUnjudged(stream)
  continueRequest(stream.id, stream.root.id)
}

/** It is too late to refuse: only the headers of the rules that apply without the body are set. */
export function markUnjudged(stream: StreamContext): void {
  letGo(stream)
  failOpen(stream)
  const documents = stream.root.documents
  const rules = documents != null ? documents.rules : null
  if (rules == null || !openRequest(stream)) return
  judge(stream, rules)
  if (ruling.count && reply.compose(rules, ruling, null)) setMarks(stream)
}

/** The response's headers are passing: sets those of the rules that only mark. */
export function mark(stream: StreamContext): void {
  const block = stream.decision.marks
  let at = block + 2
  for (let left = packedCount(block); left; left--) {
    at = nextPacked(at, name, value)
    // A cookie of a rule is one more, not one instead.
    const isCookie = equal(name.start, name.length, SET_COOKIE.start, SET_COOKIE.length)
    if (isCookie) addHeader(MapType.ResponseHeaders, name, value)
    else replaceHeader(MapType.ResponseHeaders, name, value)
  }
  stream.decision.setMarks(0)
}

function judge(stream: StreamContext, rules: RuleSet): void {
  const documents = stream.root.documents
  subject.isInDoubt = false
  govern(rules, documents != null ? documents.config : null, subject, ruling)
}

function apply(stream: StreamContext, rules: RuleSet): Action {
  const blocker = ruling.blocker(rules)
  if (blocker == null && subject.isInDoubt) failOpen(stream)
  if (!ruling.count) return Action.Continue
  if (!reply.compose(rules, ruling, blocker)) {
    failOpen(stream)
    return Action.Continue
  }
  if (blocker != null) return refuse(stream, blocker)
  setMarks(stream)
  return Action.Continue
}

function setMarks(stream: StreamContext): void {
  if (!reply.headers) return
  stream.decision.setMarks(reply.pack())
  const metrics = stream.root.governanceMetrics
  if (metrics != null) metrics.marked()
}

function refuse(stream: StreamContext, blocker: Rule): Action {
  let bytes: u32 = 0
  for (let i: u32 = 0; i < reply.headers; i++) {
    reply.valueAt(i, value)
    bytes += reply.nameAt(i).length + value.length
  }
  const headers = new HeaderPairs(reply.headers, bytes)
  for (let i: u32 = 0; i < reply.headers; i++) {
    reply.valueAt(i, value)
    headers.addSpan(reply.nameAt(i), value)
  }
  const body = reply.body
  const status = sendLocalResponse(reply.status, DETAILS, body.start, body.length, headers)
  headers.free()
  if (status != Status.Ok) {
    failOpen(stream)
    return Action.Continue
  }
  stream.decision.setBlockedBy(blocker.id)
  const metrics = stream.root.governanceMetrics
  if (metrics != null) metrics.blocked()
  return Action.Pause
}

/** The request passes because it cannot be judged. */
export function failOpen(stream: StreamContext): void {
  const metrics = stream.root.governanceMetrics
  if (metrics != null) metrics.failedOpen()
}

function awaitedView(stream: StreamContext): BodyView {
  const options = stream.root.options
  return options == null ? BodyView.None : viewOfAwaited(facts, options.requestMaxBodySizeLimit)
}
