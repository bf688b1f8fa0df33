import { HeaderTable, headerName } from '../facts/header-table'
import { matchesGlob } from '../masks/glob'
import { Span, utf8 } from '../memory/span'
import { isInAnyCase, trim } from '../text/ascii'
import { PLUS, SEMICOLON, SLASH } from '../text/bytes'
import { NameList } from '../text/name-list'

const CONTENT_TYPE = headerName(utf8('content-type'))
const FORM = utf8('application/x-www-form-urlencoded')
/** Documents of JSON, one a line. */
const LINES: Span[] = [
  utf8('application/x-ndjson'),
  utf8('application/ndjson'),
  utf8('application/jsonl'),
  utf8('application/x-jsonlines'),
]

/** What a body says it is, as far as it matters here. */
export const enum MediaType {
  Other,
  /** `application/json`, `text/json`, anything with the suffix `+json` (RFC 6839). */
  Json,
  JsonLines,
  Form,
}

const type = new Span()

/** Parameters and case don't matter. */
export function mediaTypeOf(table: HeaderTable): MediaType {
  if (!readType(table)) return MediaType.Other
  if (isJson()) return MediaType.Json
  if (isInAnyCase(type.start, type.length, FORM)) return MediaType.Form
  for (let i = 0; i < LINES.length; i++) {
    if (isInAnyCase(type.start, type.length, LINES[i])) return MediaType.JsonLines
  }
  return MediaType.Other
}

/** Whether bodies of this type are wanted: all, when there is no list. */
export function isWanted(table: HeaderTable, types: NameList): bool {
  if (!types.count) return true
  if (!readType(table)) return false
  for (let i: u32 = 0; i < types.count; i++) {
    if (matchesGlob(type.start, type.length, types.at(i))) return true
  }
  return false
}

function readType(table: HeaderTable): bool {
  const entry = table.find(CONTENT_TYPE)
  if (entry == null) return false
  let end = entry.value
  const last = end + entry.valueLength
  while (end < last && load<u8>(end) != SEMICOLON) end++
  trim(entry.value, end, type)
  return type.length != 0
}

function isJson(): bool {
  if (type.length < 6) return false
  const before = load<u8>(type.end - 5)
  return (load<u32>(type.end - 4) | 0x20202020) == 0x6e6f736a && (before == SLASH || before == PLUS)
}
