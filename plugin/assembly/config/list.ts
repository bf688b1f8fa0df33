import { BodyMasks } from '../masks/body-masks'
import { HeaderSelection } from '../masks/header-selection'
import { parseBodyMask, parseFieldName } from '../masks/parse-body-mask'
import { COOKIE, SET_COOKIE, parseHeaderRule, parseMediaType } from '../masks/parse-header-rule'
import { Span, utf8 } from '../memory/span'
import { SourceUse, parseSource } from '../sources/parse-source'
import { SourceList } from '../sources/source-list'
import { NameList } from '../text/name-list'
import { TextError } from '../text/text-error'

/** What the items of a list are. */
export const enum ListKind {
  RequestHeaders,
  ResponseHeaders,
  AllowedHeaders,
  MediaTypes,
  Parameters,
  BodyMasks,
  Sources,
  AddressSources,
}

const NONE = utf8('')
const HEADERS = utf8(
  'a list of header names, as ["authorization", "x-internal-*", "cookie:session"].',
)
const RESPONSE_HEADERS = utf8(
  'a list of header names, as ["set-cookie", "x-internal-*", "set-cookie:session"].',
)
const ALLOWED = utf8('a list of header names, as ["content-type", "x-public-*"].')
const TYPES = utf8('a list of media types, as ["application/json", "text/*"].')
const PARAMETERS = utf8('a list of parameter names, as ["api_key", "token"].')
const MASKS = utf8('a list of member names and paths, as ["password", "$.card.number"].')
const ADDRESSES = utf8('a list of sources, as ["header:x-forwarded-for:2", "peer"].')
const SOURCES = utf8('a list of sources, as ["jwt:authorization:sub", "header:x-user-id"].')

/** Makes the list of an option empty, as it is when it is not given. */
export function clearList(kind: ListKind, list: usize): void {
  if (kind <= ListKind.AllowedHeaders) changetype<HeaderSelection>(list).clear()
  else if (kind == ListKind.MediaTypes) changetype<NameList>(list).clear()
  else if (kind >= ListKind.Sources) changetype<SourceList>(list).clear()
  else changetype<BodyMasks>(list).clear()
}

/** The option is given, even if its list is empty. */
export function beginList(kind: ListKind, list: usize): void {
  if (kind <= ListKind.AllowedHeaders) changetype<HeaderSelection>(list).given = true
}

/** Adds an item; false when it is invalid: `error` has the reason. */
export function addItem(
  kind: ListKind,
  list: usize,
  start: usize,
  length: u32,
  error: TextError,
): bool {
  if (kind <= ListKind.AllowedHeaders) {
    const cookie =
      kind == ListKind.RequestHeaders
        ? COOKIE
        : kind == ListKind.ResponseHeaders
          ? SET_COOKIE
          : NONE
    return parseHeaderRule(start, length, cookie, changetype<HeaderSelection>(list), error)
  }
  if (kind == ListKind.MediaTypes) {
    return parseMediaType(start, length, changetype<NameList>(list), error)
  }
  if (kind == ListKind.Parameters) {
    return parseFieldName(start, length, changetype<BodyMasks>(list), error)
  }
  if (kind == ListKind.BodyMasks) {
    return parseBodyMask(start, length, changetype<BodyMasks>(list), error)
  }
  const use = kind == ListKind.Sources ? SourceUse.Identity : SourceUse.ClientAddress
  const source = parseSource(start, length, use, error)
  if (source == null) return false
  changetype<SourceList>(list).push(source)
  return true
}

/** What an option with such a list takes, to end a sentence. */
export function listExpected(kind: ListKind): Span {
  switch (kind) {
    case ListKind.RequestHeaders:
      return HEADERS
    case ListKind.ResponseHeaders:
      return RESPONSE_HEADERS
    case ListKind.AllowedHeaders:
      return ALLOWED
    case ListKind.MediaTypes:
      return TYPES
    case ListKind.Parameters:
      return PARAMETERS
    case ListKind.BodyMasks:
      return MASKS
    case ListKind.AddressSources:
      return ADDRESSES
    default:
      return SOURCES
  }
}
