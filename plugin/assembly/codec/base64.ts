/** The six bits of a digit of base64 or base64url, -1 for anything else. */
function bitsOf(byte: u8): i32 {
  const letter: i32 = (byte | 0x20) - 0x61
  if (letter >= 0 && letter < 26) return byte & 0x20 ? letter + 26 : letter
  if (byte >= 0x30 && byte <= 0x39) return byte + 4
  if (byte == 0x2b || byte == 0x2d) return 62
  if (byte == 0x2f || byte == 0x5f) return 63
  return -1
}

/**
 * Decodes base64 in either alphabet (RFC 4648, 4 and 5), with `=` at the end or without, to `to`: three bytes for four
 * digits. The number of bytes, -1 when it is none.
 */
export function decodeBase64(start: usize, length: u32, to: usize): i32 {
  let end = start + length
  for (let i = 0; i < 2 && end > start && load<u8>(end - 1) == 0x3d; i++) end--
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
  // A digit alone says less than a byte.
  return count == 6 ? -1 : <i32>(out - to)
}
