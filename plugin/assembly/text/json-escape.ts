import {
  BACKSLASH,
  BACKSPACE,
  CARRIAGE_RETURN,
  FORM_FEED,
  LINE_FEED,
  LOWER_B,
  LOWER_F,
  LOWER_N,
  LOWER_R,
  LOWER_T,
  QUOTE,
  SPACE,
  TAB,
} from './bytes'
import { hexDigit } from './hex'
import { sequenceLength } from './utf8'

/** How many bytes one byte can become. */
export const ESCAPED: usize = 6

/**
 * The inside of a JSON string: escaped, each byte that is not UTF-8 replaced by U+FFFD. `target` has `ESCAPED` times the room, and 16
 * bytes more; returns where it ended.
 */
export function escapeTo(from: usize, size: u32, target: usize): usize {
  const end = from + size
  let at = from
  let to = target
  while (at < end) {
    const chunk = v128.load(at)
    const special = v128.or(
      i8x16.lt_s(chunk, i8x16.splat(SPACE)),
      v128.or(i8x16.eq(chunk, i8x16.splat(QUOTE)), i8x16.eq(chunk, i8x16.splat(BACKSLASH))),
    )
    v128.store(to, chunk)
    const plain = min<usize>(ctz(i8x16.bitmask(special) | 0x10000), end - at)
    at += plain
    to += plain
    if (plain == 16 || at == end) continue

    const value = load<u8>(at)
    if (value >= 0x80) {
      const sequence = sequenceLength(at)
      if (sequence && at + sequence <= end) {
        store<u32>(to, load<u32>(at))
        to += sequence
        at += sequence
      } else {
        // U+FFFD: EF BF BD
        store<u32>(to, 0xbdbfef)
        to += 3
        at++
      }
    } else {
      to = escapeAscii(value, to)
      at++
    }
  }
  return to
}

function escapeAscii(value: u8, to: usize): usize {
  let short: u8 = 0
  if (value == QUOTE || value == BACKSLASH) short = value
  else if (value == BACKSPACE) short = LOWER_B
  else if (value == TAB) short = LOWER_T
  else if (value == LINE_FEED) short = LOWER_N
  else if (value == FORM_FEED) short = LOWER_F
  else if (value == CARRIAGE_RETURN) short = LOWER_R
  if (short) {
    store<u8>(to, BACKSLASH)
    store<u8>(to, short, 1)
    return to + 2
  }
  // \u00XX
  store<u32>(to, 0x3030755c)
  store<u8>(to, hexDigit(value >> 4), 4)
  store<u8>(to, hexDigit(value & 15), 5)
  return to + 6
}
