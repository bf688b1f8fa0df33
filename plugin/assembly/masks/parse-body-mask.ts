import { TextError } from '../text/text-error'
import { TextParser } from '../text/text-parser'
import { allocate } from '../memory/arena'
import { Span, utf8 } from '../memory/span'
import { isDigit } from '../text/ascii'
import {
  APOSTROPHE,
  ASTERISK,
  BACKSLASH,
  CLOSE_BRACKET,
  DELETE,
  DOLLAR,
  DOT,
  OPEN_BRACKET,
  QUOTE,
  SPACE,
  ZERO,
} from '../text/bytes'
import { BodyMasks, Step, StepKind, setStepName } from './body-masks'

const NO_NAME = utf8('a name is expected')
const NO_STEP = utf8('a dot or [ is expected')
const NO_SELECTOR = utf8('a name in quotes, the number of an element or * is expected')
const NO_BRACKET = utf8('] is expected')
const NO_QUOTE = utf8('the name is not closed by its quote')
const LONG_INDEX = utf8('the number has more than 6 digits')
const CONTROL = utf8('this character is not allowed')
const TOO_MANY = utf8('all paths together have more than 255 parts')

/**
 * Adds what a text names: a path when it begins with `$` (`$.card.number`, `$.items[*].ssn`, `$..token`), else the name of
 * members wherever they are. False: `error` says what is wrong with it, and where.
 */
export function parseBodyMask(start: usize, length: u32, masks: BodyMasks, error: TextError): bool {
  if (!length || load<u8>(start) != DOLLAR) return parseFieldName(start, length, masks, error)
  if (!isText(start, length, error)) return false
  const parser = new PathParser(start, start + length, error)
  const isPath = parser.path(masks)
  heap.free(changetype<usize>(parser))
  return isPath
}

/** Adds a name, of members wherever they are, or of fields and parameters. */
export function parseFieldName(
  start: usize,
  length: u32,
  masks: BodyMasks,
  error: TextError,
): bool {
  if (!isText(start, length, error)) return false
  if (!length) {
    error.set(0, NO_NAME)
    return false
  }
  const step = new Step()
  setStepName(step, start, length)
  masks.addName(step)
  return true
}

function isText(start: usize, length: u32, error: TextError): bool {
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(start + i)
    if (byte >= SPACE && byte != DELETE) continue
    error.set(i, CONTROL)
    return false
  }
  return true
}

@unmanaged
class PathParser extends TextParser {
  private fail(where: usize, reason: Span): bool {
    this.note(where, reason)
    return false
  }

  path(masks: BodyMasks): bool {
    this.at++
    const first = masks.steps
    /** The number of the last step with a name, counted from 1. */
    let field: u32 = 0
    do {
      const step = new Step()
      if (!this.readStep(step)) {
        discard(step)
        return false
      }
      step.last = this.at == this.end
      // A name anywhere is what most masks are: they have a table of their own.
      const isName = step.last && step.anywhere && step.kind == StepKind.Name
      if (isName && masks.steps == first) {
        masks.addName(step)
        return true
      }
      if (!masks.addStep(step)) {
        discard(step)
        return this.fail(this.at, TOO_MANY)
      }
      if (masks.step(masks.steps - 1).kind == StepKind.Name) field = masks.steps
    } while (this.at < this.end)
    if (field) masks.step(field - 1).namesField = true
    else masks.everyField = true
    return true
  }

  private readStep(step: Step): bool {
    if (this.at < this.end && load<u8>(this.at) == DOT) {
      this.at++
      if (this.at < this.end && load<u8>(this.at) == DOT) {
        step.anywhere = true
        this.at++
      }
      if (step.anywhere && this.at < this.end && load<u8>(this.at) == OPEN_BRACKET)
        return this.bracket(step)
      return this.name(step)
    }
    if (this.at < this.end && load<u8>(this.at) == OPEN_BRACKET) return this.bracket(step)
    return this.fail(this.at, NO_STEP)
  }

  private name(step: Step): bool {
    const first = this.at
    const text = allocate(this.end - this.at)
    let length: u32 = 0
    let escaped = false
    while (this.at < this.end) {
      let byte = load<u8>(this.at)
      if (byte == DOT || byte == OPEN_BRACKET) break
      if (byte == BACKSLASH && this.at + 1 < this.end) {
        escaped = true
        byte = load<u8>(++this.at)
      }
      store<u8>(text + length++, byte)
      this.at++
    }
    if (!length) return this.fail(first, NO_NAME)
    if (length == 1 && load<u8>(text) == ASTERISK && !escaped) step.kind = StepKind.Any
    else setStepName(step, text, length)
    return true
  }

  private bracket(step: Step): bool {
    const first = ++this.at
    const byte: u8 = this.at < this.end ? load<u8>(this.at) : 0
    if (byte == ASTERISK) {
      step.kind = StepKind.Any
      this.at++
    } else if (byte == APOSTROPHE || byte == QUOTE) {
      if (!this.quoted(step, byte)) return false
    } else if (isDigit(byte)) {
      step.kind = StepKind.Index
      while (this.at < this.end && isDigit(load<u8>(this.at)))
        step.index = step.index * 10 + load<u8>(this.at++) - ZERO
      if (this.at - first > 6) return this.fail(first, LONG_INDEX)
    } else return this.fail(first, NO_SELECTOR)
    if (this.at == this.end || load<u8>(this.at) != CLOSE_BRACKET)
      return this.fail(this.at, NO_BRACKET)
    this.at++
    return true
  }

  private quoted(step: Step, quote: u8): bool {
    const first = ++this.at
    const text = allocate(this.end - this.at)
    let length: u32 = 0
    while (this.at < this.end && load<u8>(this.at) != quote) {
      if (load<u8>(this.at) == BACKSLASH && this.at + 1 < this.end) this.at++
      store<u8>(text + length++, load<u8>(this.at++))
    }
    if (this.at == this.end) return this.fail(this.at, NO_QUOTE)
    if (!length) return this.fail(first, NO_NAME)
    this.at++
    setStepName(step, text, length)
    return true
  }
}

function discard(step: Step): void {
  step.freeName()
  heap.free(changetype<usize>(step))
}
