import { PLUGIN } from '../config/version'
import { Facts } from '../facts/facts'
import { headerName } from '../facts/header-table'
import { Span, utf8 } from '../memory/span'
import { CLOSE_BRACE, COMMA, QUOTE } from '../text/bytes'
import { responseFlags } from './response-flags'
import { text } from './text'
import * as writer from './writer'

const REQUEST_ID_HEADER = headerName(utf8('x-request-id'))

const OPEN = utf8(',"metadata":{"plugin":"')
const ROUTE = utf8(',"route":"')
const CLUSTER = utf8(',"cluster":"')
const DETAILS = utf8(',"response_code_details":"')
const FLAGS = utf8(',"response_flags":"')
const GRPC_STATUS = utf8(',"grpc_status":')
const REQUEST_ID = utf8(',"request_id":"')
const TRUNCATED = utf8(',"truncated":"')
const FIRST_TRUNCATED = utf8('"truncated":"')
const BARE = utf8(',"metadata":{')

/**
 * What Envoy knows about the exchange, as far as it knows it.
 *
 * @param fixed members that the configuration adds
 * @param truncated what is missing, null when nothing is
 * @param most bytes of each value
 */
export function metadata(facts: Facts, fixed: Span, truncated: Span | null, most: u32): void {
  writer.literal(OPEN)
  writer.literal(PLUGIN)
  writer.byte(QUOTE)
  text(ROUTE, facts.route, most)
  text(CLUSTER, facts.cluster, most)
  const outcome = facts.outcome
  text(DETAILS, outcome.details, most)
  if (outcome.flags) {
    writer.literal(FLAGS)
    responseFlags(outcome.flags)
    writer.byte(QUOTE)
  }
  if (outcome.grpcStatus >= 0) {
    writer.literal(GRPC_STATUS)
    writer.unsigned(outcome.grpcStatus)
  }
  const id = facts.request.find(REQUEST_ID_HEADER)
  if (id != null && id.valueLength && !id.masked) {
    writer.literal(REQUEST_ID)
    writer.escaped(id.value, min(id.valueLength, most))
    writer.byte(QUOTE)
  }
  if (truncated != null) text(TRUNCATED, truncated, most)
  if (fixed.length) {
    writer.byte(COMMA)
    writer.raw(fixed.start, fixed.length)
  }
  writer.byte(CLOSE_BRACE)
}

/** Without what Envoy knows: what the configuration says, and what the event lacks. */
export function bareMetadata(fixed: Span, truncated: Span | null): void {
  writer.literal(BARE)
  writer.raw(fixed.start, fixed.length)
  if (truncated != null) {
    if (fixed.length) writer.literal(TRUNCATED)
    else writer.literal(FIRST_TRUNCATED)
    writer.literal(truncated)
    writer.byte(QUOTE)
  }
  writer.byte(CLOSE_BRACE)
}
