import { LOWER_A, UPPER_A, ZERO } from './bytes'
import { CASE, isDigit } from './ascii'

/** Value of a hexadecimal digit, -1 for anything else. */
export function hexValue(byte: u8): i32 {
  if (isDigit(byte)) return byte - ZERO
  const letter: u32 = (byte | CASE) - LOWER_A
  return letter < 6 ? letter + 10 : -1
}

export function hexDigit(value: u8): u8 {
  return value < 10 ? ZERO + value : LOWER_A - 10 + value
}

export function upperHexDigit(value: u8): u8 {
  return value < 10 ? ZERO + value : UPPER_A - 10 + value
}

/** The last `count` hexadecimal digits of a number, in lower case. */
export function writeHex(to: usize, value: u64, count: u32): void {
  let rest = value
  for (let i = count; i > 0; i--) {
    store<u8>(to + i - 1, hexDigit(<u8>(rest & 15)))
    rest >>= 4
  }
}
