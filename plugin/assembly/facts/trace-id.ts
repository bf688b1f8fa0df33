import { Span, utf8 } from '../memory/span'
import { hexDigit } from '../json/validate'
import { HeaderTable, headerName } from './header-table'

const TRACEPARENT = headerName(utf8('traceparent'))

/** The trace id of a valid W3C `traceparent`: `00-<32 hex>-<16 hex>-<2 hex>`, lower case, not all zero. */
export function traceId(request: HeaderTable, into: Span): bool {
  const entry = request.find(TRACEPARENT)
  if (entry == null || entry.again != null || entry.valueLength < 55) return false
  const at = entry.value
  const version = hexDigit(load<u8>(at)) * 16 + hexDigit(load<u8>(at, 1))
  if (!isHex(at, 2) || version == 255) return false
  // Later versions may add fields behind a dash; this one has none.
  if (entry.valueLength > 55 && (version == 0 || load<u8>(at, 55) != 0x2d)) return false
  if (load<u8>(at, 2) != 0x2d || load<u8>(at, 35) != 0x2d || load<u8>(at, 52) != 0x2d) return false
  if (!isHex(at + 3, 32) || !isHex(at + 36, 16) || !isHex(at + 53, 2)) return false
  if (isZero(at + 3, 32) || isZero(at + 36, 16)) return false
  into.set(at + 3, 32)
  return true
}

function isHex(at: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(at + i)
    if (hexDigit(byte) < 0 || (byte >= 0x41 && byte <= 0x46)) return false
  }
  return true
}

function isZero(at: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) if (load<u8>(at + i) != 0x30) return false
  return true
}
