import { Span, equal, utf8 } from '../memory/span'
import { SEMICOLON } from '../text/bytes'
import { isInAnyCase, lowerCase, trim } from '../text/ascii'
import { HeaderTable, headerName } from './header-table'
import { firstValue } from './identity'

const CONTENT_TYPE = headerName(utf8('content-type'))
const CONTENT_ENCODING = headerName(utf8('content-encoding'))
const CONTENT_LENGTH = headerName(utf8('content-length'))
const GRAPHQL = utf8('application/graphql')
const JSON = utf8('json')
const IDENTITY = utf8('identity')

const value = new Span()

/** What a request says its body is, as far as a rule can look into it. */
export const enum BodyKind {
  /** Something else, compressed, or too long. */
  Opaque,
  /** JSON, or no type given: then it may be JSON. */
  Json,
  GraphQl,
}

export function bodyKind(request: HeaderTable, mostBytes: u32): BodyKind {
  firstValue(request.find(CONTENT_ENCODING), value)
  if (value.length && !equal(value.start, value.length, IDENTITY.start, IDENTITY.length)) {
    return BodyKind.Opaque
  }
  firstValue(request.find(CONTENT_LENGTH), value)
  if (value.length && isMoreThan(value, mostBytes)) return BodyKind.Opaque
  firstValue(request.find(CONTENT_TYPE), value)
  if (!value.length) return BodyKind.Json
  cutParameters(value)
  if (isInAnyCase(value.start, value.length, GRAPHQL)) return BodyKind.GraphQl
  return isIn(value, JSON) ? BodyKind.Json : BodyKind.Opaque
}

function isMoreThan(digits: Span, most: u32): bool {
  let length: u64 = 0
  for (let at = digits.start; at < digits.end; at++) {
    length = length * 10 + (load<u8>(at) & 15)
    if (length > most) return true
  }
  return false
}

function cutParameters(type: Span): void {
  let end = type.start
  while (end < type.end && load<u8>(end) != SEMICOLON) end++
  trim(type.start, end, type)
}

/** Whether a word (given in lower case) is anywhere in a text, in any case. */
function isIn(text: Span, word: Span): bool {
  for (let at = text.start; at + word.length <= text.end; at++) {
    let i: u32 = 0
    while (i < word.length && lowerCase(load<u8>(at + i)) == load<u8>(word.start + i)) i++
    if (i == word.length) return true
  }
  return false
}
