import { allocate } from '../memory/arena'
import { Span, equal } from '../memory/span'
import { isDigit } from '../text/ascii'
import { behindString, behindValue, decodeString } from './read'
import { skipSpace } from './validate'
import {
  QUOTE,
  COMMA,
  MINUS,
  OPEN_BRACKET,
  BACKSLASH,
  CLOSE_BRACKET,
  LOWER_N,
  LOWER_T,
  OPEN_BRACE,
  CLOSE_BRACE,
} from '../text/bytes'

const keyText = new Span()

/**
 * Walking through objects and arrays of a document that `isJson` accepted, by addresses: `firstMember` gives that of the
 * first key, `valueOf` that of a key's value, `nextMember` that of the key behind a value. 0 is the end.
 */
export function firstMember(object: usize): usize {
  const at = skipSpace(object + 1)
  return load<u8>(at) == CLOSE_BRACE ? 0 : at
}

export function valueOf(key: usize): usize {
  return skipSpace(skipSpace(behindString(key)) + 1)
}

export function nextMember(value: usize): usize {
  const at = skipSpace(behindValue(value))
  return load<u8>(at) == COMMA ? skipSpace(at + 1) : 0
}

export function firstItem(array: usize): usize {
  const at = skipSpace(array + 1)
  return load<u8>(at) == CLOSE_BRACKET ? 0 : at
}

export function nextItem(item: usize): usize {
  return nextMember(item)
}

/** Whether a key is this name, which needs no escape. */
export function isNamed(key: usize, name: Span): bool {
  if (load<u8>(key + 1 + name.length) != QUOTE) return false
  return memory.compare(key + 1, name.start, name.length) == 0
}

export function isObject(value: usize): bool {
  return load<u8>(value) == OPEN_BRACE
}

export function isArray(value: usize): bool {
  return load<u8>(value) == OPEN_BRACKET
}

export function isString(value: usize): bool {
  return load<u8>(value) == QUOTE
}

export function isTrue(value: usize): bool {
  return load<u8>(value) == LOWER_T
}

export function isNumber(value: usize): bool {
  const first = load<u8>(value)
  return first == MINUS || isDigit(first)
}

export function isNull(value: usize): bool {
  return load<u8>(value) == LOWER_N
}

/** The characters of a string: where they stand, if there is no escape, else a copy that is valid until the callback ends. */
export function decode(value: usize, into: Span): void {
  let at = value + 1
  let byte = load<u8>(at)
  while (byte != QUOTE && byte != BACKSLASH) byte = load<u8>(++at)
  if (byte == QUOTE) return into.set(value + 1, <u32>(at - value - 1))
  const text = allocate(behindString(value) - value)
  into.set(text, decodeString(value, text))
}

/** The value of a name; 0 when there is none. The last one of several, as JSON.parse has it. */
export function memberOf(object: usize, wanted: Span): usize {
  let found: usize = 0
  for (let key = firstMember(object); key;) {
    const value = valueOf(key)
    decode(key, keyText)
    if (equal(keyText.start, keyText.length, wanted.start, wanted.length)) found = value
    key = nextMember(value)
  }
  return found
}
