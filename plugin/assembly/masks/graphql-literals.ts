import { isDigit, isLetter } from '../text/ascii'
import {
  CLOSE_BRACKET,
  COLON,
  COMMA,
  DOLLAR,
  EQUALS,
  EXCLAMATION_MARK,
  HASH,
  OPEN_BRACKET,
  SPACE,
  UNDERSCORE,
} from '../text/bytes'
import { BodyMasks } from './body-masks'

/**
 * Whether the text of a GraphQL document gives a masked argument, or a member of an argument, its value in place
 * (`password: "x"`) rather than by a variable (`password: $p`). An alias of that name cannot be distinguished, and counts.
 */
export function hasLiteral(start: usize, length: u32, masks: BodyMasks): bool {
  const end = start + length
  let at = start
  let before: u8 = 0
  while (at < end) {
    const byte = load<u8>(at)
    if (!isNameCharacter(byte)) {
      before = byte
      at++
      continue
    }
    const name = at
    while (at < end && isNameCharacter(load<u8>(at))) at++
    if (!masks.hasField(name, <u32>(at - name))) continue
    if (before == DOLLAR ? hasDefault(at, end) : hasValue(at, end)) return true
  }
  return false
}

/** `: "x"` or, as far as can be determined behind a comment, anything but `: $p`. */
function hasValue(from: usize, end: usize): bool {
  let at = skipIgnored(from, end)
  if (at == end) return false
  if (load<u8>(at) == HASH) return true
  if (load<u8>(at) != COLON) return false
  at = skipIgnored(at + 1, end)
  return at == end || load<u8>(at) != DOLLAR
}

/** `: [Type!]! = "x"` */
function hasDefault(from: usize, end: usize): bool {
  let at = from
  while (at < end && isInType(load<u8>(at))) at++
  return at < end && (load<u8>(at) == EQUALS || load<u8>(at) == HASH)
}

function isInType(byte: u8): bool {
  if (byte <= SPACE || byte == COLON || byte == EXCLAMATION_MARK) return true
  return byte == OPEN_BRACKET || byte == CLOSE_BRACKET || isNameCharacter(byte)
}

function skipIgnored(from: usize, end: usize): usize {
  let at = from
  while (at < end && (load<u8>(at) <= SPACE || load<u8>(at) == COMMA)) at++
  return at
}

function isNameCharacter(byte: u8): bool {
  return isLetter(byte) || isDigit(byte) || byte == UNDERSCORE
}
