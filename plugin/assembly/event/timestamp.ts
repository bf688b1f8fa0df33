import { COLON, DOT, MINUS, UPPER_T, UPPER_Z } from '../text/bytes'
import { writeDigits } from '../text/decimal'
import * as writer from './writer'

const SECONDS_PER_DAY: u64 = 86_400

/** The second that `text` shows. */
let written: u64 = u64.MAX_VALUE
const text = memory.data(32)

/** `2026-11-23T15:30:24.042Z`; the nanoseconds of the host end in 2554. */
export function timestamp(unixMs: u64): void {
  const second = unixMs / 1000
  if (second != written) {
    written = second
    writeSecond(second)
  }
  writeDigits(text + 20, <u32>(unixMs % 1000), 3)
  const to = writer.room(24)
  if (!to) return
  v128.store(to, v128.load(text))
  store<u64>(to, load<u64>(text, 16), 16)
  writer.advance(to + 24)
}

function writeSecond(second: u64): void {
  const days = <u32>(second / SECONDS_PER_DAY)
  const ofDay = <u32>(second % SECONDS_PER_DAY)

  // Days since 0000-03-01, so that the leap day ends a year. https://howardhinnant.github.io/date_algorithms.html
  const shifted = days + 719468
  const era = shifted / 146097
  const dayOfEra = shifted % 146097
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  const shiftedMonth = (5 * dayOfYear + 2) / 153
  const day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)

  writeDigits(text, year, 4)
  store<u8>(text, MINUS, 4)
  writeDigits(text + 5, month, 2)
  store<u8>(text, MINUS, 7)
  writeDigits(text + 8, day, 2)
  store<u8>(text, UPPER_T, 10)
  writeDigits(text + 11, ofDay / 3600, 2)
  store<u8>(text, COLON, 13)
  writeDigits(text + 14, (ofDay / 60) % 60, 2)
  store<u8>(text, COLON, 16)
  writeDigits(text + 17, ofDay % 60, 2)
  store<u8>(text, DOT, 19)
  store<u8>(text, UPPER_Z, 23)
}
