import { behindString, behindValue, decodeString } from '../json/read'
import { skipSpace } from '../json/validate'
import { allocate } from '../memory/arena'
import { setText } from '../memory/owned-text'
import { Span, isOneOf, utf8 } from '../memory/span'
import { CLOSE_BRACE, COMMA } from '../text/bytes'

const MOST_BYTES: usize = 4096

/** What the plugin itself writes into `metadata`. */
const TAKEN: Span[] = [
  utf8('plugin'),
  utf8('route'),
  utf8('cluster'),
  utf8('response_code_details'),
  utf8('response_flags'),
  utf8('grpc_status'),
  utf8('request_id'),
  utf8('incomplete'),
  utf8('truncated'),
]

/** Keeps the members of the JSON object at `from` as they are; false when they are too long or one has a name that is taken. */
export function assignTable(into: Span, from: usize): bool {
  const end = behindValue(from)
  if (end - from > MOST_BYTES) return false
  let at = skipSpace(from + 1)
  const first = at
  let last = at
  while (load<u8>(at) != CLOSE_BRACE) {
    const behindName = behindString(at)
    const name = allocate(behindName - at)
    if (isOneOf(TAKEN, name, decodeString(at, name))) return false
    last = behindValue(skipSpace(skipSpace(behindName) + 1))
    at = skipSpace(last)
    if (load<u8>(at) == COMMA) at = skipSpace(at + 1)
  }
  setText(into, first, <u32>(last - first))
  return true
}
