import { Span, utf8 } from '../memory/span'
import { MINUS, UPPER_A, UPPER_F, ZERO } from '../text/bytes'
import { hexValue } from '../text/hex'
import { HeaderEntry, HeaderTable, headerName } from './header-table'

const TRACEPARENT = headerName(utf8('traceparent'))

/** The trace id of a valid W3C `traceparent`: `00-<32 hex>-<16 hex>-<2 hex>`, lower case, not all zero. Else empty. */
export function traceId(request: HeaderTable, into: Span): void {
  into.clear()
  const entry = request.find(TRACEPARENT)
  if (entry != null && entry.again == null && isValid(entry)) into.set(entry.value + 3, 32)
}

function isValid(entry: HeaderEntry): bool {
  if (entry.valueLength < 55) return false
  const at = entry.value
  const version = hexValue(load<u8>(at)) * 16 + hexValue(load<u8>(at, 1))
  if (!isHex(at, 2) || version == 255) return false
  // Later versions may add fields behind a dash; this one has none.
  if (entry.valueLength > 55 && (version == 0 || load<u8>(at, 55) != MINUS)) return false
  if (load<u8>(at, 2) != MINUS || load<u8>(at, 35) != MINUS || load<u8>(at, 52) != MINUS)
    return false
  if (!isHex(at + 3, 32) || !isHex(at + 36, 16) || !isHex(at + 53, 2)) return false
  return !isZero(at + 3, 32) && !isZero(at + 36, 16)
}

function isHex(at: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(at + i)
    if (hexValue(byte) < 0 || (byte >= UPPER_A && byte <= UPPER_F)) return false
  }
  return true
}

function isZero(at: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) if (load<u8>(at + i) != ZERO) return false
  return true
}
