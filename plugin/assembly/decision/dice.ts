import { randomBelow } from '../facts/random'
import { EVERYTHING } from './sample-rate'

/** Whether one exchange of a share is kept; never at 0, always at 100 percent. */
export function isKept(rate: u32): bool {
  return rate >= EVERYTHING || randomBelow(EVERYTHING) < rate
}

/**
 * How many exchanges one that is kept stands for: 100 / rate, rounded up or down by chance so that its mean is exact. Rounded down
 * always, as other clients do it, a rate of 70 would report 70 of 100.
 */
export function weightOf(rate: u32): u32 {
  if (rate == 0 || rate >= EVERYTHING) return 1
  const rest = EVERYTHING % rate
  return EVERYTHING / rate + (rest && randomBelow(rate) < rest ? 1 : 0)
}
