import { allocate } from '../memory/arena'
import { Span, equal } from '../memory/span'
import { decodePercent } from '../codec/percent'
import { trim } from '../text/ascii'
import { AMPERSAND, EQUALS, HASH, QUESTION_MARK, QUOTE, SEMICOLON } from '../text/bytes'

/** The value of a cookie in one `cookie` header, its quotes taken off; false when it is not there or blank. */
export function cookieValue(header: Span, name: Span, into: Span): bool {
  let at = header.start
  while (at < header.end) {
    const end = until(at, header.end, SEMICOLON)
    const equals = until(at, end, EQUALS)
    trim(at, equals, into)
    if (equals < end && equal(into.start, into.length, name.start, name.length)) {
      trim(equals + 1, end, into)
      const quoted =
        into.length > 1 && load<u8>(into.start) == QUOTE && load<u8>(into.end - 1) == QUOTE
      if (quoted) trim(into.start + 1, into.end - 1, into)
      if (into.length) return true
    }
    at = end + 1
  }
  return false
}

/** The value of a parameter in a path with a query, decoded; false when it is not there or blank. */
export function queryValue(path: Span, name: Span, into: Span): bool {
  const last = until(path.start, path.end, HASH)
  let at = until(path.start, last, QUESTION_MARK) + 1
  while (at < last) {
    const end = until(at, last, AMPERSAND)
    const equals = until(at, end, EQUALS)
    if (equals < end && isName(at, <u32>(equals - at), name)) {
      const length = <u32>(end - equals - 1)
      const value = allocate(length)
      trim(value, value + decodePercent(equals + 1, length, value), into)
      if (into.length) return true
    }
    at = end + 1
  }
  return false
}

function isName(start: usize, length: u32, name: Span): bool {
  if (length < name.length) return false
  const decoded = allocate(length)
  return equal(decoded, decodePercent(start, length, decoded), name.start, name.length)
}

function until(from: usize, end: usize, byte: u8): usize {
  let at = from
  while (at < end && load<u8>(at) != byte) at++
  return at
}
