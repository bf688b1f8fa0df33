import { isDigit } from '../text/ascii'
import { hexValue } from '../text/hex'
import { CharSets } from './char-set'
import { Cursor } from './cursor'
import * as errors from './pattern-error'

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
    case 0x64: // d
      sets.addDigits()
      return EscapeKind.Set
    case 0x44: // D
      sets.addDigits()
      sets.negateFrom(mark)
      return EscapeKind.Set
    case 0x77: // w
      sets.addWord()
      return EscapeKind.Set
    case 0x57: // W
      sets.addWord()
      sets.negateFrom(mark)
      return EscapeKind.Set
    case 0x73: // s
      sets.addSpaces()
      return EscapeKind.Set
    case 0x53: // S
      sets.addSpaces()
      sets.negateFrom(mark)
      return EscapeKind.Set
    case 0x62: // b
      return EscapeKind.WordBoundary
    case 0x42: // B
      return EscapeKind.NotWordBoundary
    default:
      at.point = character(byte, at, begin)
      return EscapeKind.Character
  }
}

function character(byte: u8, at: Cursor, begin: u32): u32 {
  switch (byte) {
    case 0x74: // t
      return 0x09
    case 0x6e: // n
      return 0x0a
    case 0x76: // v
      return 0x0b
    case 0x66: // f
      return 0x0c
    case 0x72: // r
      return 0x0d
    case 0x78: // x
      return hexadecimal(at, begin, 2)
    case 0x75: // u
      return codeUnits(at, begin)
    case 0x30: // 0
      if (isDigit(at.peek())) at.failAt(begin, errors.UNKNOWN_ESCAPE)
      return 0
  }
  if (byte >= 0x31 && byte <= 0x39) at.failAt(begin, errors.BACK_REFERENCE)
  // Letters that mean something in only one of the languages, and what is no ASCII.
  const letter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
  if (letter || byte >= 0x80) at.failAt(begin, errors.UNKNOWN_ESCAPE)
  return byte
}

function hexadecimal(at: Cursor, begin: u32, digits: u32): u32 {
  let value: u32 = 0
  for (let i: u32 = 0; i < digits; i++) {
    const digit = hexValue(at.next())
    if (digit < 0) {
      at.failAt(begin, errors.UNKNOWN_ESCAPE)
      return 0
    }
    value = (value << 4) | digit
  }
  return value
}

function codeUnits(at: Cursor, begin: u32): u32 {
  const high = hexadecimal(at, begin, 4)
  if ((high & 0xf800) != 0xd800) return high
  let low: u32 = 0
  if (high < 0xdc00 && at.take(0x5c) && at.take(0x75)) low = hexadecimal(at, begin, 4)
  if ((low & 0xfc00) != 0xdc00) {
    at.failAt(begin, errors.HALF_PAIR)
    return 0
  }
  return 0x10000 + ((high & 0x3ff) << 10) + (low & 0x3ff)
}
