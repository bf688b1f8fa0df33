/** Is this a field name of RFC 9110 (a token)? Upper case is made lower on the way: Envoy gives names in lower case. */
export function toHeaderName(start: usize, length: u32): bool {
  if (!length) return false
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(start + i)
    if (byte >= 0x41 && byte <= 0x5a) store<u8>(start + i, byte + 32)
    else if (!isTokenByte(byte)) return false
  }
  return true
}

function isTokenByte(byte: u8): bool {
  if (byte >= 0x61 && byte <= 0x7a) return true
  if (byte >= 0x30 && byte <= 0x39) return true
  switch (byte) {
    case 0x21: // !
    case 0x23: // #
    case 0x24: // $
    case 0x25: // %
    case 0x26: // &
    case 0x27: // '
    case 0x2a: // *
    case 0x2b: // +
    case 0x2d: // -
    case 0x2e: // .
    case 0x5e: // ^
    case 0x5f: // _
    case 0x60: // `
    case 0x7c: // |
    case 0x7e: // ~
      return true
    default:
      return false
  }
}
