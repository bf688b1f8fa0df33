import { CharSets } from './char-set'
import { Cursor } from './cursor'
import { EscapeKind, readEscape } from './escape'
import * as errors from './pattern-error'

/** Reads `[…]` into the set being built. */
export function readClass(at: Cursor, sets: CharSets): void {
  const begin = at.position
  at.next()
  sets.begin()
  const negated = at.take(0x5e)
  if (at.peek() == 0x5d) at.failAt(begin, errors.EMPTY_CLASS)
  while (!at.failed && at.peek() != 0x5d) {
    if (at.atEnd) {
      at.failAt(begin, errors.OPEN_CLASS)
      return
    }
    readItem(at, sets)
  }
  at.take(0x5d)
  if (at.ignoreCase) sets.fold()
  if (negated) sets.negateFrom(0)
}

/** A character, a range of two, or a set such as `\d`. */
function readItem(at: Cursor, sets: CharSets): void {
  const begin = at.position
  if (at.peek() == 0x5b && at.peek(1) == 0x3a) {
    at.fail(errors.POSIX_CLASS)
    return
  }
  const isSet = readMember(at, sets)
  const isRange = at.peek() == 0x2d && at.peek(1) != 0x5d && at.peek(1) != 0
  if (!isRange) {
    if (!isSet) sets.add(at.point, at.point)
    return
  }
  const low = at.point
  at.next()
  if (isSet || readMember(at, sets) || at.point < low) {
    at.failAt(begin, errors.NO_RANGE)
    return
  }
  sets.add(low, at.point)
}

/** True when it was a set, which is added; else `Cursor.point` is the character. */
function readMember(at: Cursor, sets: CharSets): bool {
  if (at.peek() != 0x5c) {
    at.point = at.nextPoint()
    return false
  }
  const begin = at.position
  const kind = readEscape(at, sets)
  if (kind == EscapeKind.Set) return true
  // RE2 has no backspace, and no place is a character.
  if (kind != EscapeKind.Character) at.failAt(begin, errors.UNKNOWN_ESCAPE)
  return false
}
