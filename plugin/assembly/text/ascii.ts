import { Span } from '../memory/span'
import { COMMA, LOWER_A, LOWER_Z, SPACE, TAB, UPPER_A, UPPER_Z, ZERO } from './bytes'

/** What makes a lower-case letter of an upper-case one. */
export const CASE: u8 = 0x20

export function isDigit(byte: u8): bool {
  return <u32>byte - ZERO < 10
}

export function isLetter(byte: u8): bool {
  return (byte | CASE) >= LOWER_A && (byte | CASE) <= LOWER_Z
}

/** White space inside a header's value. */
export function isBlank(byte: u8): bool {
  return byte == SPACE || byte == TAB
}

export function lowerCase(byte: u8): u8 {
  return byte >= UPPER_A && byte <= UPPER_Z ? byte + CASE : byte
}

/** Whether these bytes are a text given in lower case, whatever their own case. */
export function isInAnyCase(at: usize, length: u32, lower: Span): bool {
  if (length != lower.length) return false
  for (let i: u32 = 0; i < length; i++) {
    if (lowerCase(load<u8>(at + i)) != load<u8>(lower.start + i)) return false
  }
  return true
}

/** The bytes without the blanks at both ends. */
export function trim(start: usize, end: usize, into: Span): void {
  let first = start
  let last = end
  while (first < last && isBlank(load<u8>(first))) first++
  while (last > first && isBlank(load<u8>(last - 1))) last--
  into.set(first, <u32>(last - first))
}

const element = new Span()

/** Whether a comma-separated list has this token (given in lower case), in any case. */
export function hasToken(start: usize, length: u32, lower: Span): bool {
  const end = start + length
  let at = start
  while (at < end) {
    let stop = at
    while (stop < end && load<u8>(stop) != COMMA) stop++
    trim(at, stop, element)
    if (isInAnyCase(element.start, element.length, lower)) return true
    at = stop + 1
  }
  return false
}
