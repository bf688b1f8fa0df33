import { LogLevel } from '../abi/constants'
import { log } from '../abi/log'
import { Span, utf8 } from '../memory/span'
import { QUESTION_MARK, SPACE, TILDE } from './bytes'
import { writeDecimal } from './decimal'

const SHOWN: u32 = 60
const ELLIPSIS = utf8('...')

const digits = memory.data(20)
const character = memory.data(1)

/** One line for the log, in a buffer of its own. */
@unmanaged
export class LogLine {
  readonly buffer: usize
  length: u32 = 0

  /** @param capacity bytes; what doesn't fit is cut */
  constructor(private capacity: u32) {
    this.buffer = heap.alloc(capacity)
  }

  begin(words: Span): void {
    this.length = 0
    this.span(words)
  }

  span(words: Span): void {
    this.bytes(words.start, words.length)
  }

  bytes(start: usize, length: u32): void {
    const fitting = min(length, this.capacity - this.length)
    memory.copy(this.buffer + this.length, start, fitting)
    this.length += fitting
  }

  number(value: u64): void {
    this.bytes(digits, <u32>(writeDecimal(digits, value) - digits))
  }

  /** The start of a text, on one line of ASCII. */
  excerpt(start: usize, length: u32): void {
    const shown = min(length, SHOWN)
    for (let i: u32 = 0; i < shown; i++) {
      const byte = load<u8>(start + i)
      store<u8>(character, byte < SPACE ? SPACE : byte > TILDE ? QUESTION_MARK : byte)
      this.bytes(character, 1)
    }
    if (length > SHOWN) this.span(ELLIPSIS)
  }

  write(level: LogLevel): void {
    log(level, this.buffer, this.length)
  }
}

/** For whoever writes a whole line at once. */
export const line = new LogLine(600)
