import { Options } from '../config/options'
import { PLUGIN } from '../config/version'
import { Facts } from '../facts/facts'
import { headerName } from '../facts/header-table'
import { Span, utf8 } from '../memory/span'
import { CLOSE_BRACE, COMMA, OPEN_BRACE, QUOTE } from '../text/bytes'
import { responseFlags } from './response-flags'
import { text } from './text'
import * as writer from './writer'

const REQUEST_ID_HEADER = headerName(utf8('x-request-id'))

const METADATA = utf8(',"metadata":')
const PLUGIN_NAME = utf8(',"plugin":"')
const ROUTE = utf8(',"route":"')
const CLUSTER = utf8(',"cluster":"')
const DETAILS = utf8(',"response_code_details":"')
const FLAGS = utf8(',"response_flags":"')
const GRPC_STATUS = utf8(',"grpc_status":')
const REQUEST_ID = utf8(',"request_id":"')
const INCOMPLETE = utf8(',"incomplete":"')
const TRUNCATED = utf8(',"truncated":"')

const NONE = new Span()
const REQUEST_BODY = utf8('request body')
const RESPONSE_BODY = utf8('response body')
const BOTH_BODIES = utf8('both bodies')

/**
 * What Envoy knows about the exchange, and what the configuration adds. What the event lacks is written even
 * with `disable_metadata`.
 *
 * @param truncated what is missing, empty when nothing is
 * @param most bytes of each value
 */
export function metadata(facts: Facts, options: Options, truncated: Span, most: u32): void {
  const fixed = options.metadata
  const incomplete = incompleteBodies(facts)
  const isBare = options.disableMetadata
  if (isBare && !fixed.length && !truncated.length && !incomplete.length) return
  writer.literal(METADATA)
  const first = writer.offset()
  if (!isBare) ofEnvoy(facts, most)
  text(INCOMPLETE, incomplete, most)
  text(TRUNCATED, truncated, most)
  if (fixed.length) {
    writer.byte(COMMA)
    writer.raw(fixed.start, fixed.length)
  }
  writer.byte(CLOSE_BRACE)
  // The comma before the first member.
  writer.overwrite(first, OPEN_BRACE)
}

function ofEnvoy(facts: Facts, most: u32): void {
  text(PLUGIN_NAME, PLUGIN, most)
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
}

/** Which bodies did not reach their end, empty when none. */
function incompleteBodies(facts: Facts): Span {
  if (!facts.requestIncomplete) return facts.responseIncomplete ? RESPONSE_BODY : NONE
  return facts.responseIncomplete ? BOTH_BODIES : REQUEST_BODY
}
