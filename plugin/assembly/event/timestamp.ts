import * as writer from './writer'

const MS_PER_DAY: u64 = 86_400_000

/** `2026-11-23T15:30:24.042Z`, in quotes; years 0000 to 9999. */
export function timestamp(unixMs: u64): void {
  const days = unixMs / MS_PER_DAY
  const ms = <u32>(unixMs % MS_PER_DAY)

  // Days since 0000-03-01, so that the leap day ends a year. https://howardhinnant.github.io/date_algorithms.html
  const shifted = <u32>days + 719468
  const era = shifted / 146097
  const dayOfEra = shifted % 146097
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  const shiftedMonth = (5 * dayOfYear + 2) / 153
  const day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)

  store<u8>(text, 0x22)
  digits(1, min<u32>(year, 9999), 4)
  store<u8>(text, 0x2d, 5)
  digits(6, month, 2)
  store<u8>(text, 0x2d, 8)
  digits(9, day, 2)
  store<u8>(text, 0x54, 11)
  digits(12, ms / 3_600_000, 2)
  store<u8>(text, 0x3a, 14)
  digits(15, (ms / 60_000) % 60, 2)
  store<u8>(text, 0x3a, 17)
  digits(18, (ms / 1000) % 60, 2)
  store<u8>(text, 0x2e, 20)
  digits(21, ms % 1000, 3)
  store<u16>(text, 0x225a, 24)
  writer.raw(text, 26)
}

const text = memory.data(32)

function digits(at: usize, value: u32, count: u32): void {
  let rest = value
  for (let i = count; i > 0; i--) {
    store<u8>(text + at + i - 1, 0x30 + <u8>(rest % 10))
    rest /= 10
  }
}
