import { allocate } from '../memory/arena'
import { Span } from '../memory/span'
import { behindString, behindValue, decodeString } from '../json/read'
import { LOWER_N, OPEN_BRACE, OPEN_BRACKET, QUOTE } from '../text/bytes'

/** The characters of a string, a number or a boolean of a valid document; false for null, objects and arrays. */
export function scalarAt(at: usize, into: Span): bool {
  const first = load<u8>(at)
  if (first == LOWER_N || first == OPEN_BRACE || first == OPEN_BRACKET) return false
  if (first != QUOTE) {
    into.set(at, <u32>(behindValue(at) - at))
    return true
  }
  const text = allocate(behindString(at) - at)
  into.set(text, decodeString(at, text))
  return true
}
