import { LogLevel } from '../abi/constants'
import { log } from '../abi/log'
import { Span, utf8 } from '../abi/span'

/**
 * The lines that tell a reader of Envoy's log, or of `sandbox validate`, what is wrong with a configuration. A warning
 * is written at once; of the errors only the first, at the end, with the number of others.
 */
const CAPACITY: u32 = 480

const WARNING = utf8('moesif: configuration: ')
const ERROR = utf8('moesif: configuration: capturing is off: ')
const MORE = utf8(' (and ')
const MORE_OPTIONS = utf8(' more)')

@unmanaged
class Line {
  length: u32 = 0
  private buffer: usize = heap.alloc(CAPACITY)

  add(start: usize, length: u32): void {
    const fitting = min(length, CAPACITY - this.length)
    memory.copy(this.buffer + this.length, start, fitting)
    this.length += fitting
  }

  write(level: LogLevel): void {
    log(level, this.buffer, this.length)
  }
}

const warning = new Line()
const error = new Line()
let line = warning
let errors: u32 = 0

export function begin(): void {
  errors = 0
  error.length = 0
}

export function failed(): bool {
  return errors > 0
}

/** Starts the words of an error; those of a second one are lost, only their number counts. */
export function beginError(): void {
  line = errors++ ? warning : error
  line.length = 0
  span(ERROR)
}

export function beginWarning(): void {
  line = warning
  line.length = 0
  span(WARNING)
}

export function endWarning(): void {
  warning.write(LogLevel.Warn)
}

/** Writes the error, if there was one. */
export function end(): void {
  if (!errors) return
  line = error
  if (errors > 1) {
    span(MORE)
    number(errors - 1)
    span(MORE_OPTIONS)
  }
  error.write(LogLevel.Error)
}

export function span(words: Span): void {
  line.add(words.start, words.length)
}

export function number(value: u64): void {
  const digit = memory.data(1)
  let scale: u64 = 1
  while (value / scale >= 10) scale *= 10
  for (; scale; scale /= 10) {
    store<u8>(digit, 0x30 + <u8>((value / scale) % 10))
    line.add(digit, 1)
  }
}

const SHOWN: u32 = 60
const ELLIPSIS = utf8('...')

/** The start of someone's text on one line of ASCII. */
export function excerpt(start: usize, length: u32): void {
  const character = memory.data(1)
  const shown = min(length, SHOWN)
  for (let i: u32 = 0; i < shown; i++) {
    const byte = load<u8>(start + i)
    store<u8>(character, byte < 0x20 ? 0x20 : byte > 0x7e ? 0x3f : byte)
    line.add(character, 1)
  }
  if (length > SHOWN) span(ELLIPSIS)
}
