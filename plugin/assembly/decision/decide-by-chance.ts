import { randomBelow } from '../random/random'
import { Decision, Keep } from './decision'
import { EVERYTHING } from './sample-rate'

/** Whether one exchange of a share is kept; never at 0, always at 100 percent. */
function isKept(rate: u32): bool {
  return randomBelow(EVERYTHING) < rate
}

/**
 * How many exchanges one that is kept stands for: 100 / rate, rounded up or down by chance so that its mean is exact. Rounded down
 * always, as other clients do it, a rate of 70 would report 70 of 100.
 */
function weightOf(rate: u32): u32 {
  return EVERYTHING / rate + (randomBelow(rate) < EVERYTHING % rate ? 1 : 0)
}

/** Decides by chance whether an exchange of this rate is kept, and for how many it then stands. False: it is not. */
export function decideByChance(decision: Decision, rate: u32): bool {
  if (!isKept(rate)) {
    decision.keep = Keep.No
    return false
  }
  decision.keep = Keep.Yes
  decision.weight = weightOf(rate)
  return true
}
