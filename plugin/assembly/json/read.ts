import { CASE, isDigit, isLetter } from '../text/ascii'
import { hexValue } from '../text/hex'
import { writeUtf8 } from '../text/utf8'
import { skipSpace } from './validate'
import {
  BACKSLASH,
  BACKSPACE,
  CARRIAGE_RETURN,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  DOT,
  FORM_FEED,
  LINE_FEED,
  LOWER_B,
  LOWER_E,
  LOWER_F,
  LOWER_N,
  LOWER_R,
  LOWER_T,
  LOWER_U,
  MINUS,
  OPEN_BRACE,
  OPEN_BRACKET,
  PLUS,
  QUOTE,
  TAB,
  ZERO,
} from '../text/bytes'

/**
 * Reading in a document that `isJson` accepted: invalid input need not be handled. Addresses in, addresses out.
 */

/** Behind the string whose opening quote is at `from`. */
export function behindString(from: usize): usize {
  let at = from + 1
  while (true) {
    const byte = load<u8>(at)
    if (byte == QUOTE) return at + 1
    at += byte == BACKSLASH ? 2 : 1
  }
}

/** Behind the value that begins at `from`, however deep. */
export function behindValue(from: usize): usize {
  let at = from
  let depth = 0
  do {
    const byte = load<u8>(at)
    if (byte == QUOTE) at = behindString(at)
    else if (byte == OPEN_BRACE || byte == OPEN_BRACKET) {
      depth++
      at++
    } else if (byte == CLOSE_BRACE || byte == CLOSE_BRACKET) {
      depth--
      at++
    } else at = behindScalar(at)
    if (depth) at = skipSpace(at)
  } while (depth)
  return at
}

/** Letters, digits and signs of a number or a word, or a comma or colon and those behind it. */
function behindScalar(from: usize): usize {
  let at = from + 1
  while (true) {
    const byte = load<u8>(at)
    if (!isLetter(byte) && !isDigit(byte) && byte != PLUS && byte != MINUS && byte != DOT) return at
    at++
  }
}

/**
 * Writes the characters of the string at `from` to `to`, escapes undone, as UTF-8; returns their length, which is never
 * more than the string's own. Half a surrogate pair becomes U+FFFD.
 */
export function decodeString(from: usize, to: usize): u32 {
  let at = from + 1
  let out = to
  while (true) {
    const byte = load<u8>(at)
    if (byte == QUOTE) return <u32>(out - to)
    if (byte != BACKSLASH) {
      store<u8>(out++, byte)
      at++
      continue
    }
    const kind = load<u8>(at, 1)
    if (kind != LOWER_U) {
      store<u8>(out++, unescaped(kind))
      at += 2
      continue
    }
    let point = codeUnit(at + 2)
    at += 6
    if ((point & 0xfc00) == 0xd800 && load<u8>(at) == BACKSLASH && load<u8>(at, 1) == LOWER_U) {
      const low = codeUnit(at + 2)
      if ((low & 0xfc00) == 0xdc00) {
        point = 0x10000 + ((point & 0x3ff) << 10) + (low & 0x3ff)
        at += 6
      }
    }
    if ((point & 0xfffff800) == 0xd800) point = 0xfffd
    out = writeUtf8(point, out)
  }
}

function unescaped(kind: u8): u8 {
  switch (kind) {
    case LOWER_B:
      return BACKSPACE
    case LOWER_F:
      return FORM_FEED
    case LOWER_N:
      return LINE_FEED
    case LOWER_R:
      return CARRIAGE_RETURN
    case LOWER_T:
      return TAB
    default:
      return kind
  }
}

function codeUnit(at: usize): u32 {
  let unit: u32 = 0
  for (let i: usize = 0; i < 4; i++) unit = (unit << 4) | hexValue(load<u8>(at + i))
  return unit
}

/** The number at `from` as a double, as Istio sends every number; exact for whole numbers up to 2^53. */
export function numberAt(from: usize): f64 {
  let at = from
  const negative = load<u8>(at) == MINUS
  if (negative) at++
  let value: f64 = 0
  let byte = load<u8>(at)
  for (; isDigit(byte); byte = load<u8>(++at)) value = value * 10 + <f64>(byte - ZERO)
  if (byte == DOT) {
    let scale: f64 = 1
    byte = load<u8>(++at)
    for (; isDigit(byte); byte = load<u8>(++at)) {
      scale /= 10
      value += <f64>(byte - ZERO) * scale
    }
  }
  if ((byte | CASE) == LOWER_E && value != 0) {
    byte = load<u8>(++at)
    const shrinks = byte == MINUS
    if (shrinks || byte == PLUS) byte = load<u8>(++at)
    let exponent: u32 = 0
    for (; isDigit(byte); byte = load<u8>(++at)) {
      // Past 400 a double is 0 or infinite whatever follows.
      exponent = min<u32>(exponent * 10 + byte - ZERO, 4000)
    }
    for (; exponent; exponent--) value = shrinks ? value / 10 : value * 10
  }
  return negative ? -value : value
}
