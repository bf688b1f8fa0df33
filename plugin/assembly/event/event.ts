import { Options } from '../config/options'
import { Decision } from '../decision/decision'
import { Facts } from '../facts/facts'
import { headerName } from '../facts/header-table'
import { Span, utf8 } from '../memory/span'
import { CLOSE_BRACE, QUOTE } from '../text/bytes'
import { body } from './body'
import { applyHeaderRules } from './header-rules'
import { headers } from './headers'
import { metadata } from './metadata'
import { text } from './text'
import { timestamp } from './timestamp'
import { transactionId } from './transaction-id'
import { uri } from './uri'
import * as writer from './writer'

const METHOD = headerName(utf8(':method'))

const TIME = utf8('{"request":{"time":"')
const URI = utf8('","uri":"')
const VERB = utf8('","verb":"')
const REQUEST_HEADERS = utf8('","headers":{')
const RESPONSE_HEADERS = utf8(',"headers":{')
const IP_ADDRESS = utf8(',"ip_address":"')
const API_VERSION = utf8(',"api_version":"')
const RESPONSE_TIME = utf8(',"response":{"time":"')
const RESPONSE_STATUS = utf8('","status":')
const INCOMING = utf8(',"direction":"Incoming"')
const OUTGOING = utf8(',"direction":"Outgoing"')
const TRANSACTION_ID = utf8(',"transaction_id":"')
const USER_ID = utf8(',"user_id":"')
const COMPANY_ID = utf8(',"company_id":"')
const SESSION_TOKEN = utf8(',"session_token":"')
const SUBSCRIPTION_ID = utf8(',"subscription_id":"')
const TRACE_ID = utf8(',"trace_id":"')

const WEIGHT = utf8(',"weight":')
const BLOCKED_BY = utf8(',"blocked_by":"')

const VALUES_CUT = utf8('header values')
const HEADERS_CUT = utf8('headers')
const NOTHING = new Span()
const RESPONSE_HEADERS_UNSEEN = utf8('response headers')

const UNLIMITED: u32 = 0xffffffff

/**
 * What is cut when the event would be longer than Moesif takes, one step after the other: the longer body, the other
 * body, the ends of long values, all headers and the end of the path.
 */
const enum Cut {
  Nothing,
  LongerBody,
  Bodies,
  HeaderValues,
  Headers,
}

/**
 * Writes the event of an exchange that is over. With the last cut it is far shorter than Moesif's limit.
 *
 * @param place where it should be written; it is written elsewhere if there is too little room
 * @param into where it is, until the next one is written
 */
export function writeEvent(
  facts: Facts,
  decision: Decision,
  options: Options,
  place: Span,
  into: Span,
): void {
  applyHeaderRules(
    facts.request,
    options.requestHeaderMasks,
    options.requestHeaderAllow,
    options.requestQueryMasks,
  )
  applyHeaderRules(
    facts.response,
    options.responseHeaderMasks,
    options.responseHeaderAllow,
    options.requestQueryMasks,
  )
  for (let cut: Cut = Cut.Nothing; cut <= Cut.Headers; cut++) {
    writer.begin(place)
    write(facts, decision, options, cut)
    if (writer.finish(into)) return
  }
}

function write(facts: Facts, decision: Decision, options: Options, cut: Cut): void {
  const maxValue: u32 = cut >= Cut.HeaderValues ? 1024 : UNLIMITED
  writeRequest(facts, options, cut, maxValue)
  if (facts.status) writeResponse(facts, options, cut, maxValue)
  writer.literal(facts.outgoing ? OUTGOING : INCOMING)
  writer.literal(TRANSACTION_ID)
  transactionId(facts.id, facts.moreOfId)
  writer.byte(QUOTE)
  text(USER_ID, facts.user, maxValue)
  text(COMPANY_ID, facts.company, maxValue)
  text(SESSION_TOKEN, facts.session, maxValue)
  text(SUBSCRIPTION_ID, facts.subscription, maxValue)
  text(TRACE_ID, facts.traceId, maxValue)
  if (decision.weight > 1) {
    writer.literal(WEIGHT)
    writer.unsigned(decision.weight)
  }
  text(BLOCKED_BY, decision.blockedBy, maxValue)
  metadata(facts, options, missing(facts, cut), maxValue)
  writer.byte(CLOSE_BRACE)
}

function writeRequest(facts: Facts, options: Options, cut: Cut, maxValue: u32): void {
  const request = facts.request
  writer.literal(TIME)
  timestamp(facts.startedAt)
  writer.literal(URI)
  uri(request, facts.authority, cut == Cut.Headers ? 8192 : UNLIMITED)
  writer.literal(VERB)
  const method = request.find(METHOD)
  if (method != null) writer.escaped(method.value, min(method.valueLength, maxValue))
  writer.literal(REQUEST_HEADERS)
  if (cut != Cut.Headers) headers(request, maxValue)
  writer.byte(CLOSE_BRACE)
  text(IP_ADDRESS, facts.address, maxValue)
  text(API_VERSION, facts.version, maxValue)
  if (!facts.requestSwitched) {
    const fits = cut == Cut.Nothing || (cut == Cut.LongerBody && !isRequestLonger(facts))
    body(facts.requestBody, request, options, true, !facts.requestIncomplete, fits)
  }
  writer.byte(CLOSE_BRACE)
}

function writeResponse(facts: Facts, options: Options, cut: Cut, maxValue: u32): void {
  const response = facts.response
  writer.literal(RESPONSE_TIME)
  timestamp(facts.endedAt)
  writer.literal(RESPONSE_STATUS)
  writer.unsigned(facts.status)
  writer.literal(RESPONSE_HEADERS)
  if (cut != Cut.Headers) headers(response, maxValue)
  writer.byte(CLOSE_BRACE)
  if (!facts.responseSwitched) {
    const fits = cut == Cut.Nothing || (cut == Cut.LongerBody && isRequestLonger(facts))
    body(facts.responseBody, response, options, false, !facts.responseIncomplete, fits)
  }
  writer.byte(CLOSE_BRACE)
}

function isRequestLonger(facts: Facts): bool {
  return facts.requestBody.length > facts.responseBody.length
}

/** What `metadata.truncated` says, empty when nothing is missing. */
function missing(facts: Facts, cut: Cut): Span {
  if (cut == Cut.Headers) return HEADERS_CUT
  if (cut == Cut.HeaderValues) return VALUES_CUT
  return facts.status && !facts.response.count ? RESPONSE_HEADERS_UNSEEN : NOTHING
}
