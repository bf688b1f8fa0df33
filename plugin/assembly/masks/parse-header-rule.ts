import { Span, copyOf, utf8 } from '../memory/span'
import { lowerCase } from '../text/ascii'
import { ASTERISK, DELETE, SEMICOLON, SPACE } from '../text/bytes'
import { toHeaderName } from '../text/header-name'
import { NameList } from '../text/name-list'
import { TextError } from '../text/text-error'
import { HeaderSelection } from './header-selection'

/** What a rule for one cookie begins with. */
export const COOKIE = utf8('cookie:')
export const SET_COOKIE = utf8('set-cookie:')

const NO_HEADER = utf8('the name of a header is expected, or a pattern as x-internal-*')
const NO_COOKIE = utf8('the name of a cookie is expected')
const NO_TYPE = utf8('a media type is expected, as application/json or text/*')

/**
 * Adds what a text names: a header, a pattern with `*`, or a cookie when it begins with `cookie`. False: `error` says what is
 * wrong with it, and where.
 *
 * @param cookie what the rule for one cookie begins with; empty where there is none
 */
export function parseHeaderRule(
  start: usize,
  length: u32,
  cookie: Span,
  rules: HeaderSelection,
  error: TextError,
): bool {
  if (cookie.length && length >= cookie.length && beginsWith(start, cookie)) {
    const size = length - cookie.length
    return pushCookie(start + cookie.length, size, cookie.length, rules.cookies, error)
  }
  const name = copyOf(start, length)
  if (!toHeaderName(name, length)) {
    heap.free(name)
    error.set(0, NO_HEADER)
    return false
  }
  if (hasAsterisk(name, length)) rules.patterns.push(name, length)
  else rules.names.push(name, length)
  return true
}

/** Adds a media type, which may be a pattern. */
export function parseMediaType(start: usize, length: u32, types: NameList, error: TextError): bool {
  error.set(0, NO_TYPE)
  if (!length) return false
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(start + i)
    error.position = i
    if (byte <= SPACE || byte >= DELETE || byte == SEMICOLON) return false
  }
  types.push(lowered(start, length), length)
  return true
}

function pushCookie(start: usize, length: u32, at: u32, cookies: NameList, error: TextError): bool {
  error.set(at, NO_COOKIE)
  if (!length) return false
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(start + i)
    error.position = at + i
    if (byte <= SPACE || byte >= DELETE || byte == SEMICOLON) return false
  }
  cookies.push(lowered(start, length), length)
  return true
}

function lowered(start: usize, length: u32): usize {
  const copy = copyOf(start, length)
  for (let i: u32 = 0; i < length; i++) store<u8>(copy + i, lowerCase(load<u8>(copy + i)))
  return copy
}

function beginsWith(start: usize, words: Span): bool {
  for (let i: u32 = 0; i < words.length; i++) {
    if (lowerCase(load<u8>(start + i)) != load<u8>(words.start + i)) return false
  }
  return true
}

function hasAsterisk(start: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) if (load<u8>(start + i) == ASTERISK) return true
  return false
}
