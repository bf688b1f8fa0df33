import { isDigit, isLetter, lowerCase } from '../text/ascii'
import {
  AMPERSAND,
  APOSTROPHE,
  ASTERISK,
  BACKTICK,
  CARET,
  DOLLAR,
  DOT,
  EXCLAMATION_MARK,
  HASH,
  MINUS,
  PERCENT,
  PIPE,
  PLUS,
  TILDE,
  UNDERSCORE,
} from './bytes'
/** Is this a field name of RFC 9110 (a token)? Also makes it lower case, as Envoy's names are. */
export function toHeaderName(start: usize, length: u32): bool {
  if (!length) return false
  for (let i: u32 = 0; i < length; i++) {
    const byte = load<u8>(start + i)
    if (!isTokenByte(byte)) return false
    store<u8>(start + i, lowerCase(byte))
  }
  return true
}

function isTokenByte(byte: u8): bool {
  if (isLetter(byte) || isDigit(byte)) return true
  switch (byte) {
    case EXCLAMATION_MARK:
    case HASH:
    case DOLLAR:
    case PERCENT:
    case AMPERSAND:
    case APOSTROPHE:
    case ASTERISK:
    case PLUS:
    case MINUS:
    case DOT:
    case CARET:
    case UNDERSCORE:
    case BACKTICK:
    case PIPE:
    case TILDE:
      return true
    default:
      return false
  }
}
