import { isDigit, isLetter } from '../text/ascii'
import { hexValue } from '../text/hex'
import { CharSets } from './char-set'
import { Cursor } from './cursor'
import * as errors from './pattern-error'
import {
  TAB,
  LINE_FEED,
  VERTICAL_TAB,
  FORM_FEED,
  CARRIAGE_RETURN,
  ZERO,
  UPPER_B,
  UPPER_D,
  UPPER_S,
  UPPER_W,
  BACKSLASH,
  LOWER_B,
  LOWER_D,
  LOWER_F,
  LOWER_N,
  LOWER_R,
  LOWER_S,
  LOWER_T,
  LOWER_U,
  LOWER_V,
  LOWER_W,
  LOWER_X,
} from '../text/bytes'

export const enum EscapeKind {
  /** One character: `Cursor.point`. */
  Character,
  /** A set: added to the one being built. */
  Set,
  WordBoundary,
  NotWordBoundary,
}

/** Reads a backslash and what belongs to it, in or outside of a character class. */
export function readEscape(at: Cursor, sets: CharSets): EscapeKind {
  const begin = at.position
  at.next()
  if (at.atEnd) {
    at.failAt(begin, errors.OPEN_ESCAPE)
    return EscapeKind.Character
  }
  const byte = at.next()
  const mark = sets.mark
  switch (byte) {
    case LOWER_D:
      sets.addDigits()
      return EscapeKind.Set
    case UPPER_D:
      sets.addDigits()
      sets.negateFrom(mark)
      return EscapeKind.Set
    case LOWER_W:
      sets.addWord()
      return EscapeKind.Set
    case UPPER_W:
      sets.addWord()
      sets.negateFrom(mark)
      return EscapeKind.Set
    case LOWER_S:
      sets.addSpaces()
      return EscapeKind.Set
    case UPPER_S:
      sets.addSpaces()
      sets.negateFrom(mark)
      return EscapeKind.Set
    case LOWER_B:
      return EscapeKind.WordBoundary
    case UPPER_B:
      return EscapeKind.NotWordBoundary
    default:
      at.point = character(byte, at, begin)
      return EscapeKind.Character
  }
}

function character(byte: u8, at: Cursor, begin: u32): u32 {
  switch (byte) {
    case LOWER_T:
      return TAB
    case LOWER_N:
      return LINE_FEED
    case LOWER_V:
      return VERTICAL_TAB
    case LOWER_F:
      return FORM_FEED
    case LOWER_R:
      return CARRIAGE_RETURN
    case LOWER_X:
      return hexadecimal(at, begin, 2)
    case LOWER_U:
      return codeUnits(at, begin)
    case ZERO:
      if (isDigit(at.peek())) at.failAt(begin, errors.UNKNOWN_ESCAPE)
      return 0
  }
  if (isDigit(byte)) at.failAt(begin, errors.BACK_REFERENCE)
  // Letters that have a meaning in only one of the languages, and non-ASCII characters.
  const letter = isLetter(byte)
  if (letter || byte & 0x80) at.failAt(begin, errors.UNKNOWN_ESCAPE)
  return byte
}

function hexadecimal(at: Cursor, begin: u32, digits: u32): u32 {
  let value: u32 = 0
  for (let i: u32 = 0; i < digits; i++) {
    const digit = hexValue(at.next())
    if (digit < 0) return at.failAt(begin, errors.UNKNOWN_ESCAPE)
    value = (value << 4) | digit
  }
  return value
}

function codeUnits(at: Cursor, begin: u32): u32 {
  const high = hexadecimal(at, begin, 4)
  if ((high & 0xf800) != 0xd800) return high
  let low: u32 = 0
  if (high < 0xdc00 && at.take(BACKSLASH) && at.take(LOWER_U)) low = hexadecimal(at, begin, 4)
  if ((low & 0xfc00) != 0xdc00) return at.failAt(begin, errors.HALF_PAIR)
  return 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff)
}
