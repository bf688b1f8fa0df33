import { Span, utf8 } from '../memory/span'
import { BodyPrefix, BodyState } from '../capture/body-prefix'
import { HeaderTable, headerName } from '../facts/header-table'
import { isJson } from '../json/validate'
import { CLOSE_BRACE, PLUS, QUOTE, SEMICOLON, SLASH, SPACE } from '../text/bytes'
import * as writer from './writer'

const CONTENT_TYPE = headerName(utf8('content-type'))
const AS_JSON = utf8(',"transfer_encoding":"json","body":')
const AS_BASE64 = utf8(',"transfer_encoding":"base64","body":"')
const LEFT_OUT = utf8('{"msg":"body left out: ')
const LENGTH = utf8('","length":')

/** Why a body is not in its event: each ends the sentence `body left out: `. */
export const OVER_REQUEST_LIMIT = utf8('longer than request_max_body_size_limit')
export const OVER_RESPONSE_LIMIT = utf8('longer than response_max_body_size_limit')
const OVER_EVENT_LIMIT = utf8('it would make the event longer than 1000000 bytes')
const OUT_OF_MEMORY = utf8('too many bodies are being captured at once')
const UNREADABLE = utf8('Envoy did not show all of it')

/**
 * `,"transfer_encoding":…,"body":…`, or nothing when no byte of a body passed. JSON that is labelled and valid is
 * embedded as it is, everything else is base64. A body that is left out leaves an object that says why and its length.
 */
export function body(
  prefix: BodyPrefix,
  table: HeaderTable,
  overLimit: Span,
  fitsEvent: bool,
): void {
  if (prefix.total == 0) return
  if (prefix.state == BodyState.OverLimit) return leftOut(overLimit, prefix.total)
  if (prefix.state == BodyState.OutOfMemory) return leftOut(OUT_OF_MEMORY, prefix.total)
  if (prefix.state == BodyState.Unreadable) return leftOut(UNREADABLE, prefix.total)
  if (!fitsEvent) return leftOut(OVER_EVENT_LIMIT, prefix.total)

  let start = prefix.start
  let length = prefix.length
  if (isJsonType(table)) {
    // A byte order mark is no JSON (RFC 8259, 8.1), but its readers are told to ignore it.
    if (length >= 3 && (load<u32>(start) & 0xffffff) == 0xbfbbef) {
      start += 3
      length -= 3
    }
    if (isJson(start, length)) {
      writer.literal(AS_JSON)
      writer.raw(start, length)
      return
    }
  }
  writer.literal(AS_BASE64)
  writer.base64(prefix.start, prefix.length)
  writer.byte(QUOTE)
}

function leftOut(why: Span, total: u64): void {
  writer.literal(AS_JSON)
  writer.literal(LEFT_OUT)
  writer.literal(why)
  writer.literal(LENGTH)
  writer.unsigned(total)
  writer.byte(CLOSE_BRACE)
}

/** `application/json`, `text/json`, anything with the suffix `+json` (RFC 6839); parameters and case don't matter. */
function isJsonType(table: HeaderTable): bool {
  const entry = table.find(CONTENT_TYPE)
  if (entry == null) return false
  let end = entry.value
  const last = end + entry.valueLength
  while (end < last && load<u8>(end) != SEMICOLON) end++
  while (end > entry.value && load<u8>(end - 1) <= SPACE) end--
  if (end - entry.value < 6) return false
  const before = load<u8>(end - 5)
  return (load<u32>(end - 4) | 0x20202020) == 0x6e6f736a && (before == SLASH || before == PLUS)
}
