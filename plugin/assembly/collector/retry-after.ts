import { Span, utf8 } from '../memory/span'
import { isDigit, isLetter, lowerCase } from '../text/ascii'
import { COLON, ZERO } from '../text/bytes'

/** A collector that asks for more gets this: events would expire meanwhile, and a wrong date would stop delivery for good. */
const LONGEST_PAUSE_MS: u64 = 300_000

const MONTHS = utf8('janfebmaraprmayjunjulaugsepoctnovdec')
const MONTH_LETTERS: u32 = 3

/**
 * The pause that a Retry-After header asks for: seconds, or a date in any of the three forms of RFC 9110 (5.6.7).
 *
 * @param unixMs the wall clock
 * @returns milliseconds, at most five minutes; 0 when it asks for none or cannot be understood
 */
export function retryAfterMs(value: Span, unixMs: u64): u32 {
  let seconds: u64 = 0
  for (let i: u32 = 0; i < value.length; i++) {
    const byte = load<u8>(value.start + i)
    if (!isDigit(byte)) return untilDate(value, unixMs)
    seconds = min(seconds * 10 + (byte - ZERO), LONGEST_PAUSE_MS)
  }
  return <u32>min(seconds * 1000, LONGEST_PAUSE_MS)
}

function untilDate(value: Span, unixMs: u64): u32 {
  const date = parseDate(value)
  if (date <= <i64>unixMs) return 0
  return <u32>min(<u64>date - unixMs, LONGEST_PAUSE_MS)
}

/** Unix ms, -1 when it is no date. Order and separators don't matter: a month has letters, a time has colons. */
function parseDate(value: Span): i64 {
  let day = 0
  let month = 0
  let year = -1
  let seconds = -1
  let at: u32 = 0
  while (at < value.length) {
    const start = at
    while (at < value.length && isPartOfWord(load<u8>(value.start + at))) at++
    const word = value.start + start
    const length = at - start
    at++
    if (!isDigit(load<u8>(word))) {
      if (month == 0) month = monthOf(word, length)
    } else if (length == 8 && load<u8>(word + 2) == COLON) seconds = timeOf(word)
    else if (length <= 2 && day == 0) day = numberOf(word, length)
    else if (year < 0) year = length == 2 ? 2000 + numberOf(word, 2) : numberOf(word, length)
  }
  if (day < 1 || day > 31 || month == 0 || seconds < 0) return -1
  return (daysSince1970(year, month, day) * 86400 + seconds) * 1000
}

function isPartOfWord(byte: u8): bool {
  return isDigit(byte) || byte == COLON || isLetter(byte)
}

function numberOf(word: usize, length: u32): i32 {
  let number = 0
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(word + i)
    if (!isDigit(byte) || i == 4) return 0
    number = number * 10 + (byte - ZERO)
  }
  return number
}

/** Seconds since midnight of `hh:mm:ss`. */
function timeOf(word: usize): i32 {
  return numberOf(word, 2) * 3600 + numberOf(word + 3, 2) * 60 + numberOf(word + 6, 2)
}

/** 1..12, 0 for another word, such as the day of the week. */
function monthOf(word: usize, length: u32): i32 {
  if (length != MONTH_LETTERS) return 0
  for (let month = 0; month < 12; month++) {
    let same = true
    for (let i: u32 = 0; i < MONTH_LETTERS; i++) {
      const letter = load<u8>(MONTHS.start + month * MONTH_LETTERS + i)
      if (lowerCase(load<u8>(word + i)) != letter) same = false
    }
    if (same) return month + 1
  }
  return 0
}

/** Days of the proleptic Gregorian calendar; the year is taken to begin in March, so that the leap day is its last. */
function daysSince1970(year: i32, month: i32, day: i32): i64 {
  const y = month <= 2 ? year - 1 : year
  const era = y / 400
  const yearOfEra = y - era * 400
  const dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
  return <i64>era * 146097 + dayOfEra - 719468
}
