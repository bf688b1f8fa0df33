import { property } from '../abi/property'
import { Status } from '../abi/constants'
import { allocate } from '../memory/arena'
import { Span, utf8 } from '../memory/span'
import { DELETE, DOT, MINUS, SPACE } from '../text/bytes'
import { writeDecimal } from '../text/decimal'
import { isUtf8 } from '../text/utf8'

const TRUE = utf8('true')
const FALSE = utf8('false')

/** Up to here a double represents each whole number exactly. */
const MOST_EXACT: f64 = 9_007_199_254_740_992

/**
 * An attribute of Envoy as text. The host gives a string as it is, a boolean as one byte, a number as a double in eight, and
 * structures with their lengths before them: what has a control character or is not UTF-8 is not a text.
 */
export function propertyText(path: Span, into: Span): bool {
  if (property(path, into) != Status.Ok || !into.length) return false
  if (isText(into)) return true
  if (into.length == 8) return numberText(load<f64>(into.start), into)
  if (into.length != 1) return false
  const flag = load<u8>(into.start)
  if (flag > 1) return false
  const word = flag ? TRUE : FALSE
  into.set(word.start, word.length)
  return true
}

function isText(value: Span): bool {
  for (let at = value.start; at < value.end; at++) {
    const byte = load<u8>(at)
    if (byte < SPACE || byte == DELETE) return false
  }
  return isUtf8(value.start, value.length)
}

/** A number of up to six decimals; false for any other. */
function numberText(number: f64, into: Span): bool {
  const value = abs(number)
  let scale: f64 = 1
  let decimals: u32 = 0
  while (decimals < 6 && nearest(value * scale) / scale != value) {
    scale *= 10
    decimals++
  }
  const digits = nearest(value * scale)
  if (!(digits < MOST_EXACT) || digits / scale != value) return false
  const start = allocate(48)
  let at = start
  if (number < 0) store<u8>(at++, MINUS)
  at = writeDecimal(at, <u64>digits / <u64>scale)
  if (decimals) {
    store<u8>(at++, DOT)
    // After a one, so that leading zeros are written.
    const rest = at - 1
    at = writeDecimal(rest, (<u64>digits % <u64>scale) + <u64>scale)
    store<u8>(rest, DOT)
  }
  into.set(start, <u32>(at - start))
  return true
}
