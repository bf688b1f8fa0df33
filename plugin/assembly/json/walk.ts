import { allocate } from '../memory/arena'
import { Span } from '../memory/span'
import { BACKSLASH, QUOTE } from '../text/bytes'
import { behindString, behindValue, decodeString } from './read'
import { skipSpace } from './validate'

/**
 * Walking through objects and arrays of a document that `isJson` accepted, by addresses: `firstMember` gives that of the
 * first key, `valueOf` that of a key's value, `nextMember` that of the key behind a value. 0 is the end.
 */
export function firstMember(object: usize): usize {
  const at = skipSpace(object + 1)
  return load<u8>(at) == 0x7d ? 0 : at
}

export function valueOf(key: usize): usize {
  return skipSpace(skipSpace(behindString(key)) + 1)
}

export function nextMember(value: usize): usize {
  const at = skipSpace(behindValue(value))
  return load<u8>(at) == 0x2c ? skipSpace(at + 1) : 0
}

export function firstItem(array: usize): usize {
  const at = skipSpace(array + 1)
  return load<u8>(at) == 0x5d ? 0 : at
}

export function nextItem(item: usize): usize {
  return nextMember(item)
}

/** Whether a key is this name, which needs no escape. */
export function isNamed(key: usize, name: Span): bool {
  if (load<u8>(key + 1 + name.length) != 0x22) return false
  return memory.compare(key + 1, name.start, name.length) == 0
}

export function isObject(value: usize): bool {
  return load<u8>(value) == 0x7b
}

export function isArray(value: usize): bool {
  return load<u8>(value) == 0x5b
}

export function isString(value: usize): bool {
  return load<u8>(value) == 0x22
}

export function isTrue(value: usize): bool {
  return load<u8>(value) == 0x74
}

export function isNumber(value: usize): bool {
  const first = load<u8>(value)
  return first == 0x2d || (first >= 0x30 && first <= 0x39)
}

export function isNull(value: usize): bool {
  return load<u8>(value) == 0x6e
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
