import { NameList } from '../text/name-list'
import { Span, copyPadded } from '../memory/span'
import { trim } from '../text/ascii'
import { COMMA, EQUALS, QUOTE, SEMICOLON } from '../text/bytes'
import { matchesGlob } from './glob'
import { writeMask } from './mask'

/** A masked header is at most this many times its length, and 16 bytes more. */
export const COOKIES_GROWTH: usize = 3

const name = new Span()

/**
 * Writes the value of a `cookie` header to `to`, the values of these cookies replaced; of a `set-cookie` header only the
 * first pair is a cookie, the others are its attributes. Returns where it ended.
 *
 * @note proxies have joined several headers with commas, and parsers differ on what a quote or a comma in a value means:
 * a name may begin behind each, and a value that is masked goes on to its semicolon.
 */
export function maskCookies(
  start: usize,
  length: u32,
  masks: NameList,
  isSetCookie: bool,
  to: usize,
): usize {
  const end = start + length
  let out = to
  let copied = start
  let pair = start
  let at = start
  while (at < end) {
    const byte = load<u8>(at)
    if (byte == COMMA) pair = at + 1
    else if (byte == SEMICOLON) pair = isSetCookie ? 0 : at + 1
    else if (byte == EQUALS && pair) {
      const value = at + 1
      trim(pair, at, name)
      pair = 0
      if (value < end && isNamed(masks)) {
        at = endOfValue(value, end)
        if (at == value) continue
        copyPadded(out, copied, value - copied)
        out = writeMask(out + (value - copied))
        copied = at
        continue
      }
    }
    at++
  }
  copyPadded(out, copied, end - copied)
  return out + (end - copied)
}

function isNamed(masks: NameList): bool {
  for (let i: u32 = 0; i < masks.count; i++) {
    if (matchesGlob(name.start, name.length, masks.at(i))) return true
  }
  return false
}

/** A quoted value may have a semicolon in it. */
function endOfValue(from: usize, end: usize): usize {
  let at = from
  if (load<u8>(at) == QUOTE) {
    at++
    while (at < end && load<u8>(at) != QUOTE) at++
    // Not closed: then the quote is a character like any other.
    if (at == end) at = from
  }
  while (at < end && load<u8>(at) != SEMICOLON) at++
  return at
}
