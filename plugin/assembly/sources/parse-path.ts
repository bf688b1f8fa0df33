import { Span } from '../memory/span'
import { isDigit } from '../text/ascii'
import { BACKSLASH, CLOSE_BRACKET, DOT, OPEN_BRACKET } from '../text/bytes'
import { EMPTY_SEGMENT, LONG_PATH, NO_DOT, NO_INDEX } from './reasons'

const MOST_SEGMENTS: u32 = 32

/** What is wrong with the last path that was refused. */
@unmanaged
class PathError {
  at: usize = 0
  reason: Span = EMPTY_SEGMENT
}

export const pathError = new PathError()

/**
 * Reads `realm_access.roles[0]` up to `end`: writes its segments to `to`, each followed by a NUL, and returns their length;
 * 0 when it is no path. A backslash before a character takes its meaning away: `https://example\.com/tenant`.
 */
export function parsePath(start: usize, end: usize, to: usize): u32 {
  at = start
  out = to
  let segments: u32 = 0
  let more = true
  while (more) {
    if (!member(end)) return fail(EMPTY_SEGMENT)
    segments++
    while (at < end && load<u8>(at) == OPEN_BRACKET) {
      if (!element(end)) return fail(NO_INDEX)
      segments++
    }
    if (segments > MOST_SEGMENTS) return fail(LONG_PATH)
    more = at < end
    if (more && load<u8>(at++) != DOT) {
      at--
      return fail(NO_DOT)
    }
  }
  return <u32>(out - to)
}

let at: usize = 0
let out: usize = 0

/** What stands before the next dot or bracket; false when that is nothing. */
function member(end: usize): bool {
  const first = out
  while (at < end) {
    let byte = load<u8>(at)
    if (byte == DOT || byte == OPEN_BRACKET) break
    if (byte == BACKSLASH && at + 1 < end) byte = load<u8>(++at)
    store<u8>(out++, byte)
    at++
  }
  if (out == first) return false
  store<u8>(out++, 0)
  return true
}

/** `[12]` */
function element(end: usize): bool {
  const first = ++at
  while (at < end && isDigit(load<u8>(at))) store<u8>(out++, load<u8>(at++))
  if (at == first || at == end || load<u8>(at) != CLOSE_BRACKET) return false
  at++
  store<u8>(out++, 0)
  return true
}

function fail(reason: Span): u32 {
  pathError.at = at
  pathError.reason = reason
  return 0
}
