import { sequenceLength } from '../text/utf8'

/** Deeper documents are refused: whoever reads them next may recurse. */
const MAX_DEPTH: u32 = 256

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
    if (byte <= 0x20) {
      at = skipSpace(at)
      byte = load<u8>(at)
    }
    if (byte == 0x22) at = skipString(at)
    else if (byte == 0x7b || byte == 0x5b) {
      if (depth == MAX_DEPTH) return broken(at)
      // The closing bracket is two behind the opening one: { } and [ ].
      const close = byte + 2
      at++
      if (load<u8>(at) <= 0x20) at = skipSpace(at)
      if (load<u8>(at) == close) at++
      else {
        store<bool>(levels + depth++, inObject)
        inObject = close == 0x7d
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
      if (byte <= 0x20) {
        at = skipSpace(at)
        byte = load<u8>(at)
      }
      if (!depth) return at
      if (byte == 0x2c) {
        at++
        if (inObject) {
          at = skipKey(at)
          if (!at) return 0
        }
        break
      }
      if (byte != (inObject ? 0x7d : 0x5d)) return broken(at)
      at++
      inObject = load<bool>(levels + --depth)
    }
  }
}

/** Behind `"key" :` and the white space before it, or 0 with `brokenAt` set. */
function skipKey(from: usize): usize {
  let at = from
  if (load<u8>(at) <= 0x20) at = skipSpace(at)
  if (load<u8>(at) != 0x22) return broken(at)
  at = skipString(at)
  if (!at) return 0
  if (load<u8>(at) <= 0x20) at = skipSpace(at)
  return load<u8>(at) == 0x3a ? at + 1 : broken(at)
}

function broken(at: usize): usize {
  brokenAt = at
  return 0
}

export function skipSpace(from: usize): usize {
  let at = from
  let byte = load<u8>(at)
  while (byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09) byte = load<u8>(++at)
  return at
}

/** Behind the closing quote of the string that begins at `from`, or 0 with `brokenAt` set. */
function skipString(from: usize): usize {
  let at = from + 1
  while (true) {
    // Signed: bytes from 0x80 on count as negative, so one comparison finds them and the controls.
    const chunk = v128.load(at)
    const special = v128.or(
      i8x16.lt_s(chunk, i8x16.splat(0x20)),
      v128.or(i8x16.eq(chunk, i8x16.splat(0x22)), i8x16.eq(chunk, i8x16.splat(0x5c))),
    )
    const mask = i8x16.bitmask(special)
    if (!mask) {
      at += 16
      continue
    }
    at += ctz(mask)
    let byte = load<u8>(at)
    if (byte == 0x22) return at + 1
    if (byte == 0x5c) {
      at = skipEscape(at)
      if (!at) return 0
      continue
    }
    if (byte < 0x20) return broken(at)
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
  if (kind == 0x75) {
    for (let i: usize = 2; i < 6; i++) if (hexDigit(load<u8>(at + i)) < 0) return broken(at)
    return at + 6
  }
  const known =
    kind == 0x22 ||
    kind == 0x5c ||
    kind == 0x2f ||
    kind == 0x62 ||
    kind == 0x66 ||
    kind == 0x6e ||
    kind == 0x72 ||
    kind == 0x74
  return known ? at + 2 : broken(at)
}

/** Value of a hexadecimal digit, -1 for anything else. */
export function hexDigit(byte: u8): i32 {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  if (lower >= 0x61 && lower <= 0x66) return lower - 0x57
  return -1
}

/** Behind a number, `true`, `false` or `null`; 0 when it is none of them. */
function skipScalar(at: usize, first: u8): usize {
  if (first == 0x74) return load<u32>(at) == 0x65757274 ? at + 4 : broken(at)
  if (first == 0x6e) return load<u32>(at) == 0x6c6c756e ? at + 4 : broken(at)
  if (first == 0x66) return load<u32>(at, 1) == 0x65736c61 ? at + 5 : broken(at)
  return skipNumber(at)
}

function skipNumber(from: usize): usize {
  let at = from
  if (load<u8>(at) == 0x2d) at++
  if (load<u8>(at) == 0x30) at++
  else {
    at = skipDigits(at)
    if (!at) return 0
  }
  if (load<u8>(at) == 0x2e) {
    at = skipDigits(at + 1)
    if (!at) return 0
  }
  if ((load<u8>(at) | 0x20) == 0x65) {
    at++
    const sign = load<u8>(at)
    if (sign == 0x2b || sign == 0x2d) at++
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

export function isDigit(byte: u8): bool {
  return <u32>byte - 0x30 < 10
}
