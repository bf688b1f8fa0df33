import { CASE } from '../text/ascii'
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

/** Deeper documents are refused: later readers may be recursive. */
export const MAX_DEPTH: u32 = 256

/** Where `scan` stands, before a value; or what it stopped at. */
@unmanaged
export class ScanState {
  at: usize
  /** Where a function below returned 0: the first byte that no JSON document has there. */
  brokenAt: usize
  depth: u32
  /** What the innermost open level is; the levels around it are behind these fields. */
  inObject: bool

  /** Returns 0 for convenience: no address. */
  broken(at: usize): usize {
    this.brokenAt = at
    return 0
  }

  get levels(): usize {
    return changetype<usize>(this) + offsetof<ScanState>()
  }

  begin(document: usize): void {
    this.at = document
    this.brokenAt = 0
    this.depth = 0
    this.inObject = false
  }
}

export const SCAN_STATE_BYTES: usize = offsetof<ScanState>() + MAX_DEPTH

/** For documents that are checked at once. */
const whole = changetype<ScanState>(memory.data(288))

/** Is this one JSON document (RFC 8259) in valid UTF-8, nothing but white space around it, at most `MAX_DEPTH` deep? No recursion. */
export function isJson(start: usize, length: u32): bool {
  return jsonBrokenAt(start, length) == 0
}

/**
 * The first byte that no JSON document has there, or the end when more had to follow; 0 for a document. Writes a NUL behind the last
 * byte while it looks: no state of the grammar accepts it, so the end needs no test of its own.
 */
export function jsonBrokenAt(start: usize, length: u32): usize {
  const end = start + length
  const behind = load<u8>(end)
  store<u8>(end, 0)
  whole.begin(start)
  const stop = scan(whole, usize.MAX_VALUE)
  store<u8>(end, behind)
  if (stop == end) return 0
  return stop ? stop : whole.brokenAt
}

/**
 * Behind the document and the white space that follows it. 0 when it is broken, or, where it is not, when this stopped before the
 * first value that begins at `until` or later, to be called again. Behind the document stands a NUL.
 */
export function scan(state: ScanState, until: usize): usize {
  let at = state.at
  let depth = state.depth
  let inObject = state.inObject
  const levels = state.levels
  while (true) {
    if (at >= until) {
      state.at = at
      state.depth = depth
      state.inObject = inObject
      return 0
    }
    let byte = load<u8>(at)
    // Most documents have no white space at all: the call is made only for some.
    if (byte <= SPACE) {
      at = skipSpace(at)
      byte = load<u8>(at)
    }
    if (byte == QUOTE) at = skipString(at, state)
    else if (byte == OPEN_BRACE || byte == OPEN_BRACKET) {
      if (depth == MAX_DEPTH) return state.broken(at)
      // The closing bracket is two behind the opening one: { } and [ ].
      const close = byte + 2
      at++
      if (load<u8>(at) <= SPACE) at = skipSpace(at)
      if (load<u8>(at) == close) at++
      else {
        store<bool>(levels + depth++, inObject)
        inObject = close == CLOSE_BRACE
        if (inObject) {
          at = skipKey(at, state)
          if (!at) return 0
        }
        continue
      }
    } else at = skipScalar(at, byte, state)
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
          at = skipKey(at, state)
          if (!at) return 0
        }
        break
      }
      if (byte != (inObject ? CLOSE_BRACE : CLOSE_BRACKET)) return state.broken(at)
      at++
      inObject = load<bool>(levels + --depth)
    }
  }
}

/** Behind `"key" :` and the white space before it, or 0. */
function skipKey(from: usize, state: ScanState): usize {
  let at = from
  if (load<u8>(at) <= SPACE) at = skipSpace(at)
  if (load<u8>(at) != QUOTE) return state.broken(at)
  at = skipString(at, state)
  if (!at) return 0
  if (load<u8>(at) <= SPACE) at = skipSpace(at)
  return load<u8>(at) == COLON ? at + 1 : state.broken(at)
}

export function skipSpace(from: usize): usize {
  let at = from
  let byte = load<u8>(at)
  while (byte == SPACE || byte == LINE_FEED || byte == CARRIAGE_RETURN || byte == TAB)
    byte = load<u8>(++at)
  return at
}

/** Behind the closing quote of the string that begins at `from`, or 0. */
export function skipString(from: usize, state: ScanState): usize {
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
      at = skipEscape(at, state)
      if (!at) return 0
      continue
    }
    if (byte < SPACE) return state.broken(at)
    while (byte >= 0x80) {
      const length = sequenceLength(at)
      if (!length) return state.broken(at)
      at += length
      byte = load<u8>(at)
    }
  }
}

function skipEscape(at: usize, state: ScanState): usize {
  const kind = load<u8>(at, 1)
  if (kind == LOWER_U) {
    for (let i: usize = 2; i < 6; i++) if (hexValue(load<u8>(at + i)) < 0) return state.broken(at)
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
  return known ? at + 2 : state.broken(at)
}

/** Words as the four bytes that a load finds. */
const TRUE: u32 = 0x65757274
const NULL: u32 = 0x6c6c756e
/** `false` without its first letter. */
const ALSE: u32 = 0x65736c61

/** Behind a number, `true`, `false` or `null`; 0 when it is none of them. */
export function skipScalar(at: usize, first: u8, state: ScanState): usize {
  if (first == LOWER_T) return load<u32>(at) == TRUE ? at + 4 : state.broken(at)
  if (first == LOWER_N) return load<u32>(at) == NULL ? at + 4 : state.broken(at)
  if (first == LOWER_F) return load<u32>(at, 1) == ALSE ? at + 5 : state.broken(at)
  return skipNumber(at, state)
}

function skipNumber(from: usize, state: ScanState): usize {
  let at = from
  if (load<u8>(at) == MINUS) at++
  if (load<u8>(at) == ZERO) at++
  else {
    at = skipDigits(at, state)
    if (!at) return 0
  }
  if (load<u8>(at) == DOT) {
    at = skipDigits(at + 1, state)
    if (!at) return 0
  }
  if ((load<u8>(at) | CASE) == LOWER_E) {
    at++
    const sign = load<u8>(at)
    if (sign == PLUS || sign == MINUS) at++
    at = skipDigits(at, state)
  }
  return at
}

const DIGITS: u32 = 10

/** Behind one or more digits, 0 when there is none. */
function skipDigits(from: usize, state: ScanState): usize {
  let at = from
  // Not by isDigit, which would be a call for each digit.
  while (<u32>load<u8>(at) - ZERO < DIGITS) at++
  return at == from ? state.broken(at) : at
}
