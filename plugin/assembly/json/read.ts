import { hexDigit, isDigit, skipSpace } from './validate'

/**
 * Reading in a document that `isJson` accepted: what cannot be need not be looked for. Addresses in, addresses out.
 */

/** Behind the string whose opening quote is at `from`. */
export function behindString(from: usize): usize {
  let at = from + 1
  while (true) {
    const byte = load<u8>(at)
    if (byte == 0x22) return at + 1
    at += byte == 0x5c ? 2 : 1
  }
}

/** Behind the value that begins at `from`, however deep. */
export function behindValue(from: usize): usize {
  let at = from
  let depth = 0
  do {
    const byte = load<u8>(at)
    if (byte == 0x22) at = behindString(at)
    else {
      if (byte == 0x7b || byte == 0x5b) depth++
      else if (byte == 0x7d || byte == 0x5d) depth--
      if (isPunctuation(byte)) at++
      else at = behindScalar(at)
    }
    if (depth) at = skipSpace(at)
  } while (depth)
  return at
}

function isPunctuation(byte: u8): bool {
  return (
    byte == 0x7b || byte == 0x7d || byte == 0x5b || byte == 0x5d || byte == 0x2c || byte == 0x3a
  )
}

/** Letters, digits and signs of a number or a word; at least one byte. */
function behindScalar(from: usize): usize {
  let at = from + 1
  while (true) {
    const byte = load<u8>(at)
    const letter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
    if (!letter && !isDigit(byte) && byte != 0x2b && byte != 0x2d && byte != 0x2e) return at
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
    if (byte == 0x22) return <u32>(out - to)
    if (byte != 0x5c) {
      store<u8>(out++, byte)
      at++
      continue
    }
    const kind = load<u8>(at, 1)
    if (kind != 0x75) {
      store<u8>(out++, unescaped(kind))
      at += 2
      continue
    }
    let point = codeUnit(at + 2)
    at += 6
    if ((point & 0xfc00) == 0xd800 && load<u8>(at) == 0x5c && load<u8>(at, 1) == 0x75) {
      const low = codeUnit(at + 2)
      if ((low & 0xfc00) == 0xdc00) {
        point = 0x10000 + ((point & 0x3ff) << 10) + (low & 0x3ff)
        at += 6
      }
    }
    if ((point & 0xfffff800) == 0xd800) point = 0xfffd
    out = encode(point, out)
  }
}

function unescaped(kind: u8): u8 {
  switch (kind) {
    case 0x62:
      return 0x08
    case 0x66:
      return 0x0c
    case 0x6e:
      return 0x0a
    case 0x72:
      return 0x0d
    case 0x74:
      return 0x09
    default:
      return kind
  }
}

function codeUnit(at: usize): u32 {
  let unit: u32 = 0
  for (let i: usize = 0; i < 4; i++) unit = (unit << 4) | hexDigit(load<u8>(at + i))
  return unit
}

/** Writes a character as UTF-8; returns where it ends. */
export function encode(point: u32, to: usize): usize {
  if (point < 0x80) {
    store<u8>(to, point)
    return to + 1
  }
  if (point < 0x800) {
    store<u8>(to, 0xc0 | (point >> 6))
    store<u8>(to, 0x80 | (point & 63), 1)
    return to + 2
  }
  if (point < 0x10000) {
    store<u8>(to, 0xe0 | (point >> 12))
    store<u8>(to, 0x80 | ((point >> 6) & 63), 1)
    store<u8>(to, 0x80 | (point & 63), 2)
    return to + 3
  }
  store<u8>(to, 0xf0 | (point >> 18))
  store<u8>(to, 0x80 | ((point >> 12) & 63), 1)
  store<u8>(to, 0x80 | ((point >> 6) & 63), 2)
  store<u8>(to, 0x80 | (point & 63), 3)
  return to + 4
}

/** The number at `from` as a double, as Istio sends every number; exact for whole numbers up to 2^53. */
export function numberAt(from: usize): f64 {
  let at = from
  const negative = load<u8>(at) == 0x2d
  if (negative) at++
  let value: f64 = 0
  let byte = load<u8>(at)
  for (; isDigit(byte); byte = load<u8>(++at)) value = value * 10 + <f64>(byte - 0x30)
  if (byte == 0x2e) {
    let scale: f64 = 1
    byte = load<u8>(++at)
    for (; isDigit(byte); byte = load<u8>(++at)) {
      scale /= 10
      value += <f64>(byte - 0x30) * scale
    }
  }
  if ((byte | 0x20) == 0x65 && value != 0) {
    byte = load<u8>(++at)
    const shrinks = byte == 0x2d
    if (shrinks || byte == 0x2b) byte = load<u8>(++at)
    let exponent: u32 = 0
    for (; isDigit(byte); byte = load<u8>(++at)) {
      // Past 400 a double is 0 or infinite whatever follows.
      exponent = min<u32>(exponent * 10 + byte - 0x30, 4000)
    }
    for (; exponent; exponent--) value = shrinks ? value / 10 : value * 10
  }
  return negative ? -value : value
}
