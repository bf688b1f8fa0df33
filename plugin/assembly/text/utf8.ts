/**
 * Length of the UTF-8 sequence that begins with a byte >= 0x80, 0 when it is invalid (RFC 3629: no overlong form, no
 * surrogate, nothing above U+10FFFF). Reads up to three bytes further: behind every span stands a byte that continues
 * nothing.
 */
export function sequenceLength(at: usize): u32 {
  const lead = load<u8>(at)
  const second = load<u8>(at, 1)
  if (lead < 0xc2 || lead > 0xf4 || !continues(second)) return 0
  if (lead < 0xe0) return 2
  if (!continues(load<u8>(at, 2))) return 0
  if (lead < 0xf0) {
    if (lead == 0xe0 && second < 0xa0) return 0
    if (lead == 0xed && second > 0x9f) return 0
    return 3
  }
  if (!continues(load<u8>(at, 3))) return 0
  if (lead == 0xf0 && second < 0x90) return 0
  if (lead == 0xf4 && second > 0x8f) return 0
  return 4
}

function continues(byte: u8): bool {
  return (byte & 0xc0) == 0x80
}

export function isUtf8(start: usize, length: u32): bool {
  return brokenUtf8At(start, length) == 0
}

/** The first byte that no UTF-8 has there; 0 when all is UTF-8. */
export function brokenUtf8At(start: usize, length: u32): usize {
  const end = start + length
  let at = start
  while (at < end) {
    const size = load<u8>(at) < 0x80 ? 1 : sequenceLength(at)
    if (!size || at + size > end) return at
    at += size
  }
  return 0
}

/** Writes a character as UTF-8; returns where it ends. */
export function writeUtf8(point: u32, to: usize): usize {
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
