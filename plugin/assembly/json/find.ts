import { Span, equal } from '../memory/span'
import { allocate } from '../memory/arena'
import { isDigit } from '../text/ascii'
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  ZERO,
} from '../text/bytes'
import { behindString, behindValue, decodeString } from './read'
import { skipSpace } from './validate'

/**
 * Where the value of a path stands in a document that `isJson` accepted; 0 when there is none. Each segment of the path is
 * followed by a NUL: the name of a member, or the index of an element.
 */
export function findValue(document: usize, path: Span): usize {
  let at = skipSpace(document)
  let segment = path.start
  while (at && segment < path.end) {
    let end = segment
    while (load<u8>(end)) end++
    const length = <u32>(end - segment)
    const first = load<u8>(at)
    if (first == OPEN_BRACE) at = member(at, segment, length)
    else if (first == OPEN_BRACKET) at = element(at, segment, length)
    else return 0
    segment = end + 1
  }
  return at
}

/** The last member of a name, as most readers of JSON have it. */
function member(object: usize, name: usize, length: u32): usize {
  let found: usize = 0
  let at = skipSpace(object + 1)
  while (load<u8>(at) != CLOSE_BRACE) {
    const behindName = behindString(at)
    const value = skipSpace(skipSpace(behindName) + 1)
    if (isNamed(at, behindName, name, length)) found = value
    at = skipSpace(behindValue(value))
    if (load<u8>(at) == COMMA) at = skipSpace(at + 1)
  }
  return found
}

function isNamed(from: usize, behind: usize, name: usize, length: u32): bool {
  const size = <u32>(behind - from - 2)
  if (equal(from + 1, size, name, length)) return true
  if (size <= length) return false
  // Only an escape makes a name longer than its characters.
  let at = from + 1
  while (at < behind && load<u8>(at) != BACKSLASH) at++
  if (at == behind) return false
  const decoded = allocate(size)
  return equal(decoded, decodeString(from, decoded), name, length)
}

function element(array: usize, index: usize, length: u32): usize {
  if (length > 6) return 0
  let left: u32 = 0
  for (let i: u32 = 0; i < length; i++) {
    const digit = load<u8>(index + i)
    if (!isDigit(digit)) return 0
    left = left * 10 + digit - ZERO
  }
  let at = skipSpace(array + 1)
  while (load<u8>(at) != CLOSE_BRACKET) {
    if (!left--) return at
    at = skipSpace(behindValue(at))
    if (load<u8>(at) == COMMA) at = skipSpace(at + 1)
  }
  return 0
}
