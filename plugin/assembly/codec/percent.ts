import { hexValue } from '../text/hex'
import { SPACE, PERCENT, PLUS } from '../text/bytes'

/**
 * Decodes a name or value of a query or form to `to`, which may be `start`: `%xx` is a byte, `+` a blank, everything else
 * stays, a `%` without two hexadecimal digits too. The number of bytes, never more than there were.
 */
export function decodePercent(start: usize, length: u32, to: usize): u32 {
  const end = start + length
  let out = to
  let at = start
  while (at < end) {
    let byte = load<u8>(at++)
    if (byte == PLUS) byte = SPACE
    else if (byte == PERCENT && at + 2 <= end) {
      const high = hexValue(load<u8>(at))
      const low = hexValue(load<u8>(at, 1))
      if (high >= 0 && low >= 0) {
        byte = <u8>((high << 4) | low)
        at += 2
      }
    }
    store<u8>(out++, byte)
  }
  return <u32>(out - to)
}
