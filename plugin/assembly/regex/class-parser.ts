import { CharSets } from './char-set'
import { Cursor } from './cursor'
import { EscapeKind, readEscape } from './escape'
import * as errors from './pattern-error'
import { MINUS, COLON, OPEN_BRACKET, BACKSLASH, CLOSE_BRACKET, CARET } from '../text/bytes'

/** Reads `[…]` into the set being built. */
export function readClass(at: Cursor, sets: CharSets): void {
  const begin = at.position
  at.next()
  sets.begin()
  const negated = at.take(CARET)
  if (at.peek() == CLOSE_BRACKET) at.failAt(begin, errors.EMPTY_CLASS)
  while (!at.failed && at.peek() != CLOSE_BRACKET) {
    if (at.atEnd) {
      at.failAt(begin, errors.OPEN_CLASS)
      return
    }
    readItem(at, sets)
  }
  at.take(CLOSE_BRACKET)
  if (at.ignoreCase) sets.fold()
  if (negated) sets.negateFrom(0)
}

/** A character, a range of two, or a set such as `\d`. */
function readItem(at: Cursor, sets: CharSets): void {
  const begin = at.position
  if (at.peek() == OPEN_BRACKET && at.peek(1) == COLON) {
    at.fail(errors.POSIX_CLASS)
    return
  }
  const isSet = readMember(at, sets)
  const isRange = at.peek() == MINUS && at.peek(1) != CLOSE_BRACKET
  if (!isRange) {
    if (!isSet) sets.add(at.point, at.point)
    return
  }
  const low = at.point
  at.next()
  // Not closed, which is what is said of it.
  if (at.atEnd) return
  if (isSet || readMember(at, sets) || at.point < low) {
    at.failAt(begin, errors.NO_RANGE)
    return
  }
  sets.add(low, at.point)
}

/** True when it was a set, which is added; else `Cursor.point` is the character. */
function readMember(at: Cursor, sets: CharSets): bool {
  if (at.peek() != BACKSLASH) {
    at.point = at.nextPoint()
    return false
  }
  const begin = at.position
  const kind = readEscape(at, sets)
  if (kind == EscapeKind.Set) return true
  // RE2 has no backspace, and a word boundary is not a character.
  if (kind != EscapeKind.Character) at.failAt(begin, errors.UNKNOWN_ESCAPE)
  return false
}
