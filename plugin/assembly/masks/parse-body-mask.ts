import { TextError } from '../text/text-error'
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

let begin: usize = 0
let at: usize = 0
let end: usize = 0
let failure: TextError = new TextError()

/**
 * Adds what a text names: a path when it begins with `$` (`$.card.number`, `$.items[*].ssn`, `$..token`), else the name of
 * members wherever they are. False: `error` says what is wrong with it, and where.
 */
export function parseBodyMask(start: usize, length: u32, masks: BodyMasks, error: TextError): bool {
  if (!length || load<u8>(start) != DOLLAR) return parseFieldName(start, length, masks, error)
  return isText(start, length, error) && path(masks)
}

/** Adds a name, of members wherever they are, or of fields and parameters. */
export function parseFieldName(
  start: usize,
  length: u32,
  masks: BodyMasks,
  error: TextError,
): bool {
  if (!isText(start, length, error)) return false
  if (!length) return fail(start, NO_NAME)
  const step = new Step()
  setStepName(step, start, length)
  masks.addName(step)
  return true
}

/** Begins to read. */
function isText(start: usize, length: u32, error: TextError): bool {
  begin = start
  at = start
  end = start + length
  failure = error
  for (let i = start; i < end; i++) {
    const byte = load<u8>(i)
    if (byte < SPACE || byte == DELETE) return fail(i, CONTROL)
  }
  return true
}

function fail(where: usize, reason: Span): bool {
  failure.set(<u32>(where - begin), reason)
  return false
}

function path(masks: BodyMasks): bool {
  at++
  const first = masks.steps
  /** The number of the last step with a name, counted from 1. */
  let field: u32 = 0
  do {
    const step = new Step()
    if (!readStep(step)) {
      discard(step)
      return false
    }
    step.last = at == end
    // A name anywhere is what most masks are: they have a table of their own.
    const isName = step.last && step.anywhere && step.kind == StepKind.Name
    if (isName && masks.steps == first) {
      masks.addName(step)
      return true
    }
    if (!masks.addStep(step)) {
      discard(step)
      return fail(at, TOO_MANY)
    }
    if (masks.step(masks.steps - 1).kind == StepKind.Name) field = masks.steps
  } while (at < end)
  if (field) masks.step(field - 1).namesField = true
  else masks.everyField = true
  return true
}

function discard(step: Step): void {
  step.freeName()
  heap.free(changetype<usize>(step))
}

function readStep(step: Step): bool {
  if (at < end && load<u8>(at) == DOT) {
    at++
    if (at < end && load<u8>(at) == DOT) {
      step.anywhere = true
      at++
    }
    if (step.anywhere && at < end && load<u8>(at) == OPEN_BRACKET) return bracket(step)
    return name(step)
  }
  if (at < end && load<u8>(at) == OPEN_BRACKET) return bracket(step)
  return fail(at, NO_STEP)
}

/** Up to the next dot or bracket; a backslash takes the meaning of the character behind it away. */
function name(step: Step): bool {
  const first = at
  const text = allocate(end - at)
  let length: u32 = 0
  let escaped = false
  while (at < end) {
    let byte = load<u8>(at)
    if (byte == DOT || byte == OPEN_BRACKET) break
    if (byte == BACKSLASH && at + 1 < end) {
      escaped = true
      byte = load<u8>(++at)
    }
    store<u8>(text + length++, byte)
    at++
  }
  if (!length) return fail(first, NO_NAME)
  if (length == 1 && load<u8>(text) == ASTERISK && !escaped) step.kind = StepKind.Any
  else setStepName(step, text, length)
  return true
}

function bracket(step: Step): bool {
  const first = ++at
  const byte: u8 = at < end ? load<u8>(at) : 0
  if (byte == ASTERISK) {
    step.kind = StepKind.Any
    at++
  } else if (byte == APOSTROPHE || byte == QUOTE) {
    if (!quoted(step, byte)) return false
  } else if (isDigit(byte)) {
    step.kind = StepKind.Index
    while (at < end && isDigit(load<u8>(at))) step.index = step.index * 10 + load<u8>(at++) - ZERO
    if (at - first > 6) return fail(first, LONG_INDEX)
  } else return fail(first, NO_SELECTOR)
  if (at == end || load<u8>(at) != CLOSE_BRACKET) return fail(at, NO_BRACKET)
  at++
  return true
}

function quoted(step: Step, quote: u8): bool {
  const first = ++at
  const text = allocate(end - at)
  let length: u32 = 0
  while (at < end && load<u8>(at) != quote) {
    if (load<u8>(at) == BACKSLASH && at + 1 < end) at++
    store<u8>(text + length++, load<u8>(at++))
  }
  if (at == end) return fail(at, NO_QUOTE)
  if (!length) return fail(first, NO_NAME)
  at++
  setStepName(step, text, length)
  return true
}
