import { integerProperty, property } from '../abi/property'
import { Span, equal, utf8 } from '../memory/span'
import { PLUGIN } from '../config/version'
import { HeaderTable, headerName } from '../facts/header-table'
import { Route } from '../facts/route'
import { responseFlags } from './response-flags'
import * as writer from './writer'

const CODE_DETAILS = utf8('response\0code_details')
const VIA_UPSTREAM = utf8('via_upstream')
const FLAGS = utf8('response\0flags')
const REQUEST_ID = headerName(utf8('x-request-id'))

const OPEN = utf8(',"metadata":{"plugin":"')
const ROUTE_NAME = utf8(',"route":"')
const CLUSTER_NAME = utf8(',"cluster":"')
const DETAILS = utf8(',"response_code_details":"')
const RESPONSE_FLAGS = utf8(',"response_flags":"')
const ID = utf8(',"request_id":"')

const CONTENT_TYPE = headerName(utf8('content-type'))
const GRPC = utf8('application/grpc')
const GRPC_STATUS = utf8('response\0grpc_status')
const STATUS_OF_GRPC = utf8(',"grpc_status":')
const ONLY_TRUNCATED = utf8(',"metadata":{"truncated":"')
const TRUNCATED = utf8(',"truncated":"')
const END = utf8('"}')

const value = new Span()

/**
 * What Envoy knows about the exchange, as far as it knows it.
 *
 * @param answer status of the response, 0 without one
 * @param whole an upstream's answer below 400 that came through to its end: Envoy's reason for it is not asked for
 * @param logged whether this is on_log: elsewhere Envoy makes up a gRPC status, not having seen the trailers
 * @param truncated what is missing, null when nothing is
 * @param most bytes of each value
 */
export function metadata(
  request: HeaderTable,
  route: Route,
  answer: u32,
  whole: bool,
  logged: bool,
  truncated: Span | null,
  most: u32,
): void {
  writer.literal(OPEN)
  writer.literal(PLUGIN)
  writer.byte(0x22)
  text(ROUTE_NAME, route.name, most)
  text(CLUSTER_NAME, route.cluster, most)
  // A property costs as much as writing a quarter of the event: ask only where there can be something to tell.
  if (!whole) {
    property(CODE_DETAILS, value)
    text(DETAILS, value, most)
    if (answer < 200 || answer >= 400 || !isViaUpstream()) flags()
  }
  if (logged && isGrpc(request)) {
    const status = integerProperty(GRPC_STATUS, -1)
    if (status >= 0) {
      writer.literal(STATUS_OF_GRPC)
      writer.unsigned(status)
    }
  }
  const id = request.find(REQUEST_ID)
  if (id != null && id.valueLength && !id.masked) {
    writer.literal(ID)
    writer.escaped(id.value, min(id.valueLength, most))
    writer.byte(0x22)
  }
  if (truncated != null) {
    writer.literal(TRUNCATED)
    writer.literal(truncated)
    writer.byte(0x22)
  }
  writer.byte(0x7d)
}

/** Whether the details are Envoy's word for an answer of the upstream that came through whole. */
function isViaUpstream(): bool {
  return equal(value.start, value.length, VIA_UPSTREAM.start, VIA_UPSTREAM.length)
}

function flags(): void {
  const bits = integerProperty(FLAGS, 0)
  if (!bits) return
  writer.literal(RESPONSE_FLAGS)
  responseFlags(bits)
  writer.byte(0x22)
}

/** An event without metadata still has to say what it lacks. */
export function onlyTruncated(truncated: Span): void {
  writer.literal(ONLY_TRUNCATED)
  writer.literal(truncated)
  writer.literal(END)
}

/** For any other answer Envoy makes up a gRPC status. */
function isGrpc(request: HeaderTable): bool {
  const type = request.find(CONTENT_TYPE)
  if (type == null || type.valueLength < GRPC.length) return false
  return memory.compare(type.value, GRPC.start, GRPC.length) == 0
}

function text(key: Span, from: Span, most: u32): void {
  if (!from.length) return
  writer.literal(key)
  writer.escaped(from.start, min(from.length, most))
  writer.byte(0x22)
}
