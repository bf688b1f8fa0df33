import { LogLevel } from '../abi/constants'
import { logLevel } from '../abi/log'
import { Span, utf8 } from '../memory/span'
import { BACKSLASH, QUOTE } from '../text/bytes'
import { LogLine } from '../text/log-line'

/**
 * The lines that tell a reader of Envoy's log what is wrong with a configuration. A warning is written at once; of the
 * errors only the first, at the end, with the number of others.
 *
 * For programs each finding, every error included, is a line of its own at level debug: the prefix `FINDING` and a JSON
 * object of `severity` (`error` keeps the plugin from capturing), `at` (byte offset in the document of what it is about;
 * absent when it is about the whole), `message` and, where there is one, `remedy`. `sandbox validate` reads those.
 */
const CAPACITY: u32 = 480
/** Of a finding: the same words, quoted. */
const FINDING_CAPACITY: u32 = 1100

const WARNING = utf8('moesif: configuration: ')
const ERROR = utf8('moesif: configuration: capturing is off: ')
const MORE = utf8(' (and ')
const MORE_OPTIONS = utf8(' more)')

const FINDING = utf8('moesif: configuration: finding: {"severity":"')
const FINDING_ERROR = utf8('error"')
const FINDING_WARNING = utf8('warning"')
const FINDING_AT = utf8(',"at":')
const FINDING_MESSAGE = utf8(',"message":"')
const FINDING_REMEDY = utf8('","remedy":"')
const FINDING_END = utf8('"}')
const ESCAPE = utf8('\\')

const warning = new LogLine(CAPACITY)
const error = new LogLine(CAPACITY)
const finding = new LogLine(FINDING_CAPACITY)
let line = warning
let errors: u32 = 0

let documentStart: usize = 0
/** Of the finding that is being worded; the whole document when `place` is 0. */
let isOpen = false
let isError = false
let place: usize = 0
/** Where its words begin and its remedy does, in `line`. */
let wordsFrom: u32 = 0
let remedyFrom: u32 = 0

export function begin(document: Span): void {
  documentStart = document.start
  errors = 0
  error.length = 0
}

export function failed(): bool {
  return errors > 0
}

/**
 * Starts the words of an error about what is at an address of the document, 0 for the whole. In the log a second one is
 * only counted.
 */
export function beginError(at: usize): void {
  closeFinding()
  line = errors++ ? warning : error
  open(true, at, ERROR)
}

export function beginWarning(at: usize): void {
  closeFinding()
  line = warning
  open(false, at, WARNING)
}

export function endWarning(): void {
  warning.write(LogLevel.Warn)
}

/** From here on the words say what to do about it. */
export function remedy(): void {
  remedyFrom = line.length
}

/** Writes the error, if there was one. */
export function end(): void {
  closeFinding()
  if (!errors) return
  line = error
  if (errors > 1) {
    span(MORE)
    number(errors - 1)
    span(MORE_OPTIONS)
  }
  error.write(LogLevel.Error)
}

function open(severe: bool, at: usize, prefix: Span): void {
  isOpen = true
  isError = severe
  place = at
  line.begin(prefix)
  wordsFrom = line.length
  remedyFrom = 0
}

function closeFinding(): void {
  if (!isOpen) return
  isOpen = false
  if (logLevel() > <u32>LogLevel.Debug) return
  const words = line
  const wordsTo = remedyFrom ? remedyFrom : words.length
  line = finding
  line.begin(FINDING)
  span(isError ? FINDING_ERROR : FINDING_WARNING)
  if (place) {
    span(FINDING_AT)
    number(<u64>(place - documentStart))
  }
  span(FINDING_MESSAGE)
  quote(words.buffer + wordsFrom, wordsTo - wordsFrom)
  if (remedyFrom) {
    // The sentence goes on as `, expected …` or `. Did you mean …`.
    const from = min(remedyFrom + 2, words.length)
    span(FINDING_REMEDY)
    quote(words.buffer + from, words.length - from)
  }
  span(FINDING_END)
  line.write(LogLevel.Debug)
}

/** Words are ASCII without control characters: only two of them are escaped in JSON. */
function quote(start: usize, length: u32): void {
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(start + i)
    if (byte == QUOTE || byte == BACKSLASH) line.bytes(ESCAPE.start, 1)
    line.bytes(start + i, 1)
  }
}

export function span(words: Span): void {
  line.span(words)
}

export function number(value: u64): void {
  line.number(value)
}

/** The start of someone's text, on one line of ASCII. */
export function excerpt(start: usize, length: u32): void {
  line.excerpt(start, length)
}
