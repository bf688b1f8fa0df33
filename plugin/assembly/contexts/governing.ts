import { nowMs } from '../abi/clock'
import { Action, MapType, Status } from '../abi/constants'
import { addHeader, replaceHeader } from '../abi/header-map'
import { sendLocalResponse } from '../abi/local-response'
import { continueRequest } from '../abi/stream'
import { BodyState } from '../capture/body-prefix'
import { AppConfig } from '../decision/app-config'
import { viewBody } from '../decision/body-view'
import { Governance } from '../decision/governance'
import { nextPacked, packedCount } from '../decision/reply'
import { RuleSet } from '../decision/rule-set'
import { Span, equal, utf8 } from '../memory/span'
import { openRequest, subject } from './open-facts'
import { StreamContext } from './stream-context'

const DETAILS = utf8('moesif_governance')
const SET_COOKIE = utf8('set-cookie')

/** Shared: callbacks never overlap. */
const governance = new Governance()
const name = new Span()
const value = new Span()

/** Streams whose request is held back for a rule. */
let held: u32

/** The request's headers are here, and open as facts: refuses it, marks its response, or holds back the body that a rule has to see. */
export function governHeaders(stream: StreamContext, rules: RuleSet, isLast: bool): Action {
  const options = stream.root.options
  const mostBytes = isLast || options == null ? 0 : options.requestMaxBodySizeLimit
  if (!governance.askAtHeaders(rules, configOf(stream), subject, mostBytes)) {
    return apply(stream, rules)
  }
  stream.decision.holds = true
  held++
  return Action.Continue
}

/** A piece of a body that is held back has come. */
export function governBody(stream: StreamContext, isLast: bool): Action {
  if (isLast || stream.exchange.requestBody.state != BodyState.Whole) return governWhole(stream)
  stream.decision.heldAt = nowMs()
  return Action.HoldChunks
}

/** The body that was held back is complete, or never will be: decides with what was received. */
export function governWhole(stream: StreamContext): Action {
  stopHolding(stream)
  const rules = rulesOf(stream)
  if (rules == null || !openRequest(stream)) return Action.Continue
  const body = stream.exchange.requestBody
  if (body.state == BodyState.OutOfMemory || body.state == BodyState.Unreadable) failOpen(stream)
  else if (body.length) viewBody(subject, body.start, body.length)
  governance.ask(rules, configOf(stream), subject)
  const action = apply(stream, rules)
  if (stream.decision.bodyIsForRules) body.forget()
  return action
}

/** The stream holds nothing back any more. */
export function stopHolding(stream: StreamContext): void {
  if (!stream.decision.holds) return
  stream.decision.holds = false
  held--
}

/** Without it a tick would look at every open stream. */
export function isAnyHeld(): bool {
  return held != 0
}

/** Resumes a request whose body cannot be waited for. @param rootId whose callback this is */
export function passUnjudged(stream: StreamContext, rootId: u32): void {
  markUnjudged(stream)
  continueRequest(stream.id, rootId)
}

/** It is too late to refuse: only the headers of the rules that apply without the body are set. */
export function markUnjudged(stream: StreamContext): void {
  stopHolding(stream)
  failOpen(stream)
  const metrics = stream.root.governanceMetrics
  const rules = rulesOf(stream)
  if (rules == null || metrics == null || !openRequest(stream)) return
  governance.ask(rules, configOf(stream), subject)
  governance.applyMarks(rules, stream.decision, metrics)
}

/** The response's headers are passing, of Envoy's own in place of another one, too: sets those of the rules that only mark. */
export function mark(stream: StreamContext): void {
  const block = stream.decision.marks
  let at = block + 2
  for (let left = packedCount(block); left; left--) {
    at = nextPacked(at, name, value)
    // A rule's cookie is added, it does not replace another.
    const isCookie = equal(name.start, name.length, SET_COOKIE.start, SET_COOKIE.length)
    if (isCookie) addHeader(MapType.ResponseHeaders, name, value)
    else replaceHeader(MapType.ResponseHeaders, name, value)
  }
}

/** The request passes because it cannot be judged. */
export function failOpen(stream: StreamContext): void {
  const metrics = stream.root.governanceMetrics
  if (metrics != null) metrics.failedOpen()
}

/** Sends the reply of a rule that refuses the request. */
function apply(stream: StreamContext, rules: RuleSet): Action {
  const metrics = stream.root.governanceMetrics
  if (metrics == null) return Action.Continue
  const decision = stream.decision
  if (!governance.apply(rules, subject.isInDoubt, decision, metrics)) return Action.Continue
  const reply = governance.reply
  const headers = reply.headerPairs()
  const body = reply.body
  const status = sendLocalResponse(reply.status, DETAILS, body.start, body.length, headers)
  headers.free()
  if (status != Status.Ok) {
    metrics.failedOpen()
    return Action.Continue
  }
  governance.refused(decision, metrics)
  return Action.Pause
}

function rulesOf(stream: StreamContext): RuleSet | null {
  const documents = stream.root.documents
  return documents != null ? documents.rules : null
}

function configOf(stream: StreamContext): AppConfig | null {
  const documents = stream.root.documents
  return documents != null ? documents.config : null
}
