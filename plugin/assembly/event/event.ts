import { MapType } from '../abi/constants'
import { headerPairs } from '../abi/header-map'
import { integerProperty } from '../abi/property'
import { Span, utf8 } from '../memory/span'
import { clientAddress } from '../facts/client-address'
import { Exchange } from '../capture/exchange'
import { HeaderTable, headerName } from '../facts/header-table'
import { firstValue, identity } from '../facts/identity'
import { traceId } from '../facts/trace-id'
import { Options } from '../config/options'
import { asksForSwitch, isSwitched } from '../facts/protocol-switch'
import { OVER_REQUEST_LIMIT, OVER_RESPONSE_LIMIT, body } from './body'
import { applyMasks, headers, leaveOutHopByHop } from './headers'
import { metadata, onlyTruncated } from './metadata'
import { timestamp } from './timestamp'
import { transactionId } from './transaction-id'
import { uri } from './uri'
import * as writer from './writer'

const METHOD = headerName(utf8(':method'))
const STATUS = headerName(utf8(':status'))
/** Envoy's router adds it to what an upstream answered. */
const UPSTREAM_TIME = headerName(utf8('x-envoy-upstream-service-time'))
const API_VERSION_HEADER = headerName(utf8('x-api-version'))
const RESPONSE_CODE = utf8('response\0code')

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
const TRACE_ID = utf8(',"trace_id":"')

const VALUES_CUT = utf8('header values')
const HEADERS_CUT = utf8('headers')
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

const blob = new Span()
const span = new Span()
const request = new HeaderTable()
const response = new HeaderTable()
let status: u32 = 0

/** Writes the event of an exchange that is over; its address, or 0 when there is no HTTP request to tell of. */
export function writeEvent(exchange: Exchange, options: Options, now: u64): usize {
  if (exchange.requestHeaders.length) request.read(exchange.requestHeaders)
  else {
    // Never shown to the filter: refused before it, or by the codec (then there is nothing to read here either).
    headerPairs(MapType.RequestHeaders, blob)
    request.read(blob)
  }
  readResponse(exchange)
  if (request.find(METHOD) == null) return 0
  applyMasks(request, options.requestHeaderMasks)
  applyMasks(response, options.responseHeaderMasks)

  const root = exchange.root
  const startedMs = root.startTimes.of(exchange, now)
  status = statusCode()
  const route = root.route
  if (!options.disableMetadata) route.ask()
  const outgoing = root.directions.isOutgoing(route.fingerprint, now)
  for (let cut: Cut = Cut.Nothing; cut <= Cut.Headers; cut++) {
    write(exchange, options, startedMs, max(now, startedMs), outgoing, cut)
    if (!writer.overflowed()) return writer.start()
  }
  return 0
}

/** What the client was sent is shown in on_log; without one there is what the filter was shown when the response began. */
function readResponse(exchange: Exchange): void {
  if (exchange.logged) {
    headerPairs(MapType.ResponseHeaders, blob)
    response.read(blob)
  } else {
    response.read(exchange.responseHeaders)
    leaveOutHopByHop(response)
  }
}

/** Bytes of the last event. */
export function eventLength(): u32 {
  return writer.length()
}

/** Response status of the last event, 0 when there was no response. */
export function eventStatus(): u32 {
  return status
}

function write(
  exchange: Exchange,
  options: Options,
  startedMs: u64,
  now: u64,
  outgoing: bool,
  cut: Cut,
): void {
  const requestBody = exchange.requestBody
  const responseBody = exchange.responseBody
  const requestIsLonger = requestBody.length > responseBody.length
  const maxValue: u32 = cut >= Cut.HeaderValues ? 1024 : UNLIMITED
  const maxNames: u32 = cut == Cut.Headers ? 0 : UNLIMITED

  writer.begin()
  writer.literal(TIME)
  timestamp(startedMs)
  writer.literal(URI)
  uri(request, cut == Cut.Headers ? 8192 : UNLIMITED)
  writer.literal(VERB)
  const method = request.find(METHOD)
  if (method != null) writer.escaped(method.value, min(method.valueLength, maxValue))
  writer.literal(REQUEST_HEADERS)
  headers(request, maxValue, maxNames)
  writer.byte(0x7d)
  if (clientAddress(request, span)) text(IP_ADDRESS, span, maxValue)
  if (firstValue(request.find(API_VERSION_HEADER), span)) text(API_VERSION, span, maxValue)
  // What passes after a switch of protocols are frames of another one: no body, and no mask would find its way in.
  const switchAsked = asksForSwitch(request)
  const switched = isSwitched(switchAsked, response, status)
  if (!switchAsked && !switched) {
    const fits = cut == Cut.Nothing || (cut == Cut.LongerBody && !requestIsLonger)
    body(requestBody, request, OVER_REQUEST_LIMIT, fits)
  }
  writer.byte(0x7d)

  if (status) {
    writer.literal(RESPONSE_TIME)
    timestamp(now)
    writer.literal(RESPONSE_STATUS)
    writer.unsigned(status)
    writer.literal(RESPONSE_HEADERS)
    headers(response, maxValue, maxNames)
    writer.byte(0x7d)
    if (!switched) {
      const fits = cut == Cut.Nothing || (cut == Cut.LongerBody && requestIsLonger)
      body(responseBody, response, OVER_RESPONSE_LIMIT, fits)
    }
    writer.byte(0x7d)
  }

  writer.literal(outgoing ? OUTGOING : INCOMING)
  writer.literal(TRANSACTION_ID)
  transactionId()
  writer.byte(0x22)
  if (identity(options.userIdHeader, request, response, span)) text(USER_ID, span, maxValue)
  if (identity(options.companyIdHeader, request, response, span)) text(COMPANY_ID, span, maxValue)
  if (traceId(request, span)) text(TRACE_ID, span, maxValue)
  const truncated = missing(cut)
  if (!options.disableMetadata) {
    const whole = cameThroughWhole(exchange)
    metadata(request, exchange.root.route, status, whole, exchange.logged, truncated, maxValue)
  } else if (truncated != null) onlyTruncated(truncated)
  writer.byte(0x7d)
}

/** What `metadata.truncated` says, null when nothing is missing. */
function missing(cut: Cut): Span | null {
  if (cut == Cut.Headers) return HEADERS_CUT
  if (cut == Cut.HeaderValues) return VALUES_CUT
  return status && !response.count ? RESPONSE_HEADERS_UNSEEN : null
}

function text(key: Span, value: Span, most: u32): void {
  writer.literal(key)
  writer.escaped(value.start, min(value.length, most))
  writer.byte(0x22)
}

/** An upstream's answer, no error, to a request that was sent whole, both to their last byte. */
function cameThroughWhole(exchange: Exchange): bool {
  if (!exchange.requestEnded || !exchange.responseEnded) return false
  return status >= 200 && status < 400 && response.find(UPSTREAM_TIME) != null
}

/** 0 when no response began. The map's `:status` saves a call; a response Envoy made at the last moment has only the property. */
function statusCode(): u32 {
  const entry = response.find(STATUS)
  if (entry != null && entry.valueLength == 3) {
    const at = entry.value
    const code =
      (<u32>load<u8>(at) - 0x30) * 100 +
      (<u32>load<u8>(at, 1) - 0x30) * 10 +
      (<u32>load<u8>(at, 2) - 0x30)
    if (code >= 100 && code <= 999) return code
  }
  const code = integerProperty(RESPONSE_CODE, 0)
  return code >= 100 && code <= 999 ? <u32>code : 0
}
