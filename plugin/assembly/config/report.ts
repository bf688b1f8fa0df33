import { LogLevel } from '../abi/constants'
import { logLevel } from '../abi/log'
import { Span, utf8 } from '../memory/span'
import { BACKSLASH, QUOTE } from '../text/bytes'
import { LogLine } from '../text/log-line'

/** Of a line, bytes. */
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

/**
 * The lines that say in Envoy's log what is wrong with a configuration. A warning is written at once; of the
 * errors only the first, at the end, with the number of others.
 *
 * For programs each finding, every error included, is a line of its own at level debug: the prefix `FINDING` and a JSON
 * object of `severity` (`error` keeps the plugin from capturing), `at` (byte offset in the document of what it is about;
 * absent when it is about the whole), `message` and, where there is one, `remedy`. `sandbox validate` reads those.
 */
@unmanaged
class Report extends LogLine {
  private firstError: LogLine = new LogLine(CAPACITY)
  private finding: LogLine = new LogLine(FINDING_CAPACITY)
  private errors: u32
  private documentStart: usize
  /** Of the finding that is being worded; it is about the whole document when `place` is 0. */
  private isOpen: bool
  private isError: bool
  private place: usize
  /** Where its words begin and its remedy does. */
  private wordsFrom: u32
  private remedyFrom: u32

  constructor() {
    super(CAPACITY)
  }

  beginDocument(document: Span): void {
    this.documentStart = document.start
    this.errors = 0
  }

  failed(): bool {
    return this.errors > 0
  }

  /**
   * Starts the words of an error about what is at an address of the document, 0 for the whole. In the log a second one is
   * only counted.
   */
  beginError(at: usize): void {
    this.open(true, at, ERROR)
    this.errors++
  }

  beginWarning(at: usize): void {
    this.open(false, at, WARNING)
  }

  endWarning(): void {
    this.write(LogLevel.Warn)
  }

  /** What follows is the remedy. */
  remedy(words: Span): void {
    this.remedyFrom = this.length
    this.span(words)
  }

  /** Writes the error, if there was one. */
  end(): void {
    this.close()
    if (!this.errors) return
    const error = this.firstError
    if (this.errors > 1) {
      error.span(MORE)
      error.number(this.errors - 1)
      error.span(MORE_OPTIONS)
    }
    error.write(LogLevel.Error)
  }

  private open(severe: bool, at: usize, prefix: Span): void {
    this.close()
    this.isOpen = true
    this.isError = severe
    this.place = at
    this.begin(prefix)
    this.wordsFrom = this.length
    this.remedyFrom = 0
  }

  private close(): void {
    if (!this.isOpen) return
    this.isOpen = false
    if (this.isError && this.errors == 1) {
      this.firstError.length = 0
      this.firstError.bytes(this.buffer, this.length)
    }
    if (logLevel() <= <u32>LogLevel.Debug) this.writeFinding()
  }

  private writeFinding(): void {
    const finding = this.finding
    finding.begin(FINDING)
    finding.span(this.isError ? FINDING_ERROR : FINDING_WARNING)
    if (this.place) {
      finding.span(FINDING_AT)
      finding.number(<u64>(this.place - this.documentStart))
    }
    finding.span(FINDING_MESSAGE)
    this.quote(this.wordsFrom, this.remedyFrom ? this.remedyFrom : this.length)
    if (this.remedyFrom) {
      // The sentence goes on as `, expected …` or `. Did you mean …`.
      finding.span(FINDING_REMEDY)
      this.quote(this.remedyFrom + 2, this.length)
    }
    finding.span(FINDING_END)
    finding.write(LogLevel.Debug)
  }

  /** Words are ASCII without control characters: only two of them are escaped in JSON. */
  private quote(from: u32, to: u32): void {
    for (let i = from; i < to; i++) {
      const byte = load<u8>(this.buffer + i)
      if (byte == QUOTE || byte == BACKSLASH) this.finding.bytes(ESCAPE.start, 1)
      this.finding.bytes(this.buffer + i, 1)
    }
  }
}

/** Shared: a document is parsed within one callback. */
export const report = new Report()
