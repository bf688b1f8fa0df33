import { utf8 } from '../memory/span'
import { isDigit, isLetter } from '../text/ascii'
import { PLUS, MINUS, SLASH, ZERO, EQUALS, UPPER_A, UNDERSCORE, LOWER_A } from '../text/bytes'
/** The six bits of a digit of base64 or base64url, -1 for anything else. */
function bitsOf(byte: u8): i32 {
  if (isLetter(byte)) return byte >= LOWER_A ? byte - LOWER_A + 26 : byte - UPPER_A
  if (isDigit(byte)) return byte - ZERO + 52
  if (byte == PLUS || byte == MINUS) return 62
  if (byte == SLASH || byte == UNDERSCORE) return 63
  return -1
}

/**
 * Decodes base64 in either alphabet (RFC 4648, 4 and 5), with `=` at the end or without, to `to`: three bytes for four
 * digits. Returns the number of bytes, -1 for invalid base64.
 */
export function decodeBase64(start: usize, length: u32, to: usize): i32 {
  let end = start + length
  for (let i = 0; i < 2 && end > start && load<u8>(end - 1) == EQUALS; i++) end--
  let out = to
  let bits: u32 = 0
  let count: u32 = 0
  for (let at = start; at < end; at++) {
    const six = bitsOf(load<u8>(at))
    if (six < 0) return -1
    bits = (bits << 6) | six
    count += 6
    if (count < 8) continue
    count -= 8
    store<u8>(out++, bits >> count)
  }
  // A single leftover digit has only 6 bits.
  return count == 6 ? -1 : <i32>(out - to)
}

const DIGITS = utf8('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')

/** Writes bytes as base64 with `=` at the end; returns where it ended. 16 bytes behind both places are read or written, too. */
export function encodeBase64(from: usize, size: u32, target: usize): usize {
  const end = from + size
  let at = from
  let to = target
  for (; at + 12 <= end; at += 12, to += 16) v128.store(to, digitsOf(v128.load(at)))
  for (; at + 3 <= end; at += 3, to += 4) {
    const bits = ((<u32>load<u8>(at)) << 16) | ((<u32>load<u8>(at, 1)) << 8) | load<u8>(at, 2)
    store<u8>(to, digit(bits >> 18))
    store<u8>(to, digit((bits >> 12) & 63), 1)
    store<u8>(to, digit((bits >> 6) & 63), 2)
    store<u8>(to, digit(bits & 63), 3)
  }
  const rest = end - at
  if (!rest) return to
  const second: u32 = rest == 2 ? load<u8>(at, 1) : 0
  const bits = ((<u32>load<u8>(at)) << 16) | (second << 8)
  store<u8>(to, digit(bits >> 18))
  store<u8>(to, digit((bits >> 12) & 63), 1)
  store<u8>(to, rest == 2 ? digit((bits >> 6) & 63) : EQUALS, 2)
  store<u8>(to, EQUALS, 3)
  return to + 4
}

function digit(bits: u32): u8 {
  return load<u8>(DIGITS.start + bits)
}

/**
 * The first 12 bytes as 16 digits. Four times the bytes a, b, c are laid out as b a c b, so that the four 6-bit groups
 * can be shifted to their own bytes; what to add to a group depends on which of five ranges of the alphabet it is in.
 * http://0x80.pl/notesen/2016-01-12-sse-base64-encoding.html
 */
function digitsOf(chunk: v128): v128 {
  const spread = i8x16.swizzle(chunk, SPREAD)
  const first = i32x4.shr_u(v128.and(spread, i32x4.splat(0x0000fc00)), 10)
  const second = i32x4.shl(v128.and(spread, i32x4.splat(0x000003f0)), 4)
  const third = i32x4.shr_u(v128.and(spread, i32x4.splat(0x0fc00000)), 6)
  const fourth = i32x4.shl(v128.and(spread, i32x4.splat(0x003f0000)), 8)
  const groups = v128.or(v128.or(first, second), v128.or(third, fourth))
  // 0 for a-z, 1 to 10 for 0-9, 11 for +, 12 for /; and 13 for A-Z.
  const range = v128.or(
    i8x16.sub_sat_u(groups, i8x16.splat(51)),
    v128.and(i8x16.lt_s(groups, i8x16.splat(26)), i8x16.splat(13)),
  )
  return i8x16.add(groups, i8x16.swizzle(OFFSETS, range))
}

const SPREAD = i8x16(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10)
const OFFSETS = i8x16(71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16, 65, 0, 0)
