import { isDigit } from '../text/ascii'
import { hexValue } from '../text/hex'
import { sequenceLength } from '../text/utf8'
import {
  BACKSLASH,
  CARRIAGE_RETURN,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  DOT,
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
  SLASH,
  SPACE,
  TAB,
  ZERO,
} from '../text/bytes'

/** Deeper documents are refused: whoever reads them next may recurse. */
export const MAX_DEPTH: u32 = 256

/** One byte a level around the innermost: 1 for an object, 0 for an array. */
const levels = memory.data(256)

let brokenAt: usize = 0

/** Of the last document that was refused: its first byte that cannot be, or its end when more had to follow. */
export function jsonBrokenAt(): usize {
  return brokenAt
}

/**
 * Is this one JSON document (RFC 8259) in valid UTF-8, nothing but white space around it, at most `MAX_DEPTH` deep?
 * No recursion. Writes a NUL behind the last byte while it looks: no state of the grammar accepts it, so the end needs
 * no test of its own.
 */
export function isJson(start: usize, length: u32): bool {
  const end = start + length
  const behind = load<u8>(end)
  store<u8>(end, 0)
  const stop = scan(start)
  store<u8>(end, behind)
  if (stop && stop != end) brokenAt = stop
  return stop == end
}

/** Behind the document and the white space that follows it; 0, and `brokenAt`, when it is none. */
function scan(start: usize): usize {
  let at = start
  let depth: u32 = 0
  /** What the innermost open level is; the stack holds those around it. */
  let inObject = false
  while (true) {
    let byte = load<u8>(at)
    // Most documents have no white space at all: the call is made only for some.
    if (byte <= SPACE) {
      at = skipSpace(at)
      byte = load<u8>(at)
    }
    if (byte == QUOTE) at = skipString(at)
    else if (byte == OPEN_BRACE || byte == OPEN_BRACKET) {
      if (depth == MAX_DEPTH) return broken(at)
      // The closing bracket is two behind the opening one: { } and [ ].
      const close = byte + 2
      at++
      if (load<u8>(at) <= SPACE) at = skipSpace(at)
      if (load<u8>(at) == close) at++
      else {
        store<bool>(levels + depth++, inObject)
        inObject = close == CLOSE_BRACE
        if (inObject) {
          at = skipKey(at)
          if (!at) return 0
        }
        continue
      }
    } else at = skipScalar(at, byte)
    if (!at) return 0

    while (true) {
      byte = load<u8>(at)
      if (byte <= SPACE) {
        at = skipSpace(at)
        byte = load<u8>(at)
      }
      if (!depth) return at
      if (byte == COMMA) {
        at++
        if (inObject) {
          at = skipKey(at)
          if (!at) return 0
        }
        break
      }
      if (byte != (inObject ? CLOSE_BRACE : CLOSE_BRACKET)) return broken(at)
      at++
      inObject = load<bool>(levels + --depth)
    }
  }
}

/** Behind `"key" :` and the white space before it, or 0 with `brokenAt` set. */
function skipKey(from: usize): usize {
  let at = from
  if (load<u8>(at) <= SPACE) at = skipSpace(at)
  if (load<u8>(at) != QUOTE) return broken(at)
  at = skipString(at)
  if (!at) return 0
  if (load<u8>(at) <= SPACE) at = skipSpace(at)
  return load<u8>(at) == COLON ? at + 1 : broken(at)
}

function broken(at: usize): usize {
  brokenAt = at
  return 0
}

export function skipSpace(from: usize): usize {
  let at = from
  let byte = load<u8>(at)
  while (byte == SPACE || byte == LINE_FEED || byte == CARRIAGE_RETURN || byte == TAB)
    byte = load<u8>(++at)
  return at
}

/** Behind the closing quote of the string that begins at `from`, or 0 with `brokenAt` set. */
export function skipString(from: usize): usize {
  let at = from + 1
  while (true) {
    // Signed: bytes from 0x80 on count as negative, so one comparison finds them and the controls.
    const chunk = v128.load(at)
    const special = v128.or(
      i8x16.lt_s(chunk, i8x16.splat(SPACE)),
      v128.or(i8x16.eq(chunk, i8x16.splat(QUOTE)), i8x16.eq(chunk, i8x16.splat(BACKSLASH))),
    )
    const mask = i8x16.bitmask(special)
    if (!mask) {
      at += 16
      continue
    }
    at += ctz(mask)
    let byte = load<u8>(at)
    if (byte == QUOTE) return at + 1
    if (byte == BACKSLASH) {
      at = skipEscape(at)
      if (!at) return 0
      continue
    }
    if (byte < SPACE) return broken(at)
    while (byte >= 0x80) {
      const length = sequenceLength(at)
      if (!length) return broken(at)
      at += length
      byte = load<u8>(at)
    }
  }
}

function skipEscape(at: usize): usize {
  const kind = load<u8>(at, 1)
  if (kind == LOWER_U) {
    for (let i: usize = 2; i < 6; i++) if (hexValue(load<u8>(at + i)) < 0) return broken(at)
    return at + 6
  }
  const known =
    kind == QUOTE ||
    kind == BACKSLASH ||
    kind == SLASH ||
    kind == LOWER_B ||
    kind == LOWER_F ||
    kind == LOWER_N ||
    kind == LOWER_R ||
    kind == LOWER_T
  return known ? at + 2 : broken(at)
}

/** Behind a number, `true`, `false` or `null`; 0 when it is none of them. */
export function skipScalar(at: usize, first: u8): usize {
  if (first == LOWER_T) return load<u32>(at) == 0x65757274 ? at + 4 : broken(at)
  if (first == LOWER_N) return load<u32>(at) == 0x6c6c756e ? at + 4 : broken(at)
  if (first == LOWER_F) return load<u32>(at, 1) == 0x65736c61 ? at + 5 : broken(at)
  return skipNumber(at)
}

function skipNumber(from: usize): usize {
  let at = from
  if (load<u8>(at) == MINUS) at++
  if (load<u8>(at) == ZERO) at++
  else {
    at = skipDigits(at)
    if (!at) return 0
  }
  if (load<u8>(at) == DOT) {
    at = skipDigits(at + 1)
    if (!at) return 0
  }
  if ((load<u8>(at) | 0x20) == LOWER_E) {
    at++
    const sign = load<u8>(at)
    if (sign == PLUS || sign == MINUS) at++
    at = skipDigits(at)
  }
  return at
}

/** Behind one or more digits, 0 when there is none. */
function skipDigits(from: usize): usize {
  let at = from
  while (isDigit(load<u8>(at))) at++
  return at == from ? broken(at) : at
}
