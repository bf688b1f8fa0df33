import { LogLevel } from '../abi/constants'
import { log } from '../abi/log'
import { Span, utf8 } from '../memory/span'

const CAPACITY: u32 = 600
const DIGITS: i32 = 20

const buffer = memory.data(600)
const digits = memory.data(20)
let length: u32 = 0

const PREFIX = utf8('moesif: delivery: ')

/** Starts a log line. There is one line at a time, in one buffer: what doesn't fit is cut. */
export function begin(): void {
  length = 0
  text(PREFIX)
}

export function text(words: Span): void {
  bytes(words.start, words.length)
}

export function bytes(start: usize, count: u32): void {
  const fitting = min(count, CAPACITY - length)
  memory.copy(buffer + length, start, fitting)
  length += fitting
}

export function number(value: u64): void {
  let at = DIGITS
  do {
    store<u8>(digits + --at, 0x30 + <u8>(value % 10))
    value /= 10
  } while (value != 0)
  bytes(digits + at, DIGITS - at)
}

export function write(level: LogLevel): void {
  log(level, buffer, length)
}
