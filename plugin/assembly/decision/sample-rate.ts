import { isNumber } from '../json/walk'
import { numberAt } from '../json/read'

/** Rates are hundredths of a percent: 0 to 10 000. */
export const EVERYTHING: u32 = 10_000
export const NO_RATE: u32 = 0xffff

/** The rate of a JSON value; `NO_RATE` when it is not a number. */
export function rateOf(value: usize): u32 {
  if (!isNumber(value)) return NO_RATE
  return <u32>max<f64>(0, min<f64>(EVERYTHING, nearest(numberAt(value) * 100)))
}
