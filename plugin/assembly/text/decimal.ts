import { ZERO } from './bytes'

/** Writes a number without leading zeros, at most 20 bytes; returns where it ended. */
export function writeDecimal(to: usize, value: u64): usize {
  let digits: u32 = 1
  for (let rest = value / 10; rest; rest /= 10) digits++
  const end = to + digits
  let at = end
  let rest = value
  do {
    store<u8>(--at, ZERO + <u8>(rest % 10))
    rest /= 10
  } while (rest)
  return end
}

/** The last `count` digits of a number, leading zeros included. */
export function writeDigits(to: usize, value: u32, count: u32): void {
  let rest = value
  for (let i = count; i > 0; i--) {
    store<u8>(to + i - 1, ZERO + <u8>(rest % 10))
    rest /= 10
  }
}
