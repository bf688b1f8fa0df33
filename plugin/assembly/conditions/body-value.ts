import { Span, equal, utf8 } from '../memory/span'
import { behindValue } from '../json/read'
import { skipSpace } from '../json/validate'
import { decode, firstMember, isNull, isObject, isString, nextMember, valueOf } from '../json/walk'
import { BodyView, Subject } from './subject'

const QUERY = utf8('query')

const text = new Span()

/**
 * The value of a key in the body: a string's characters, any other value as it is written, `null` as absent. A key with dots
 * is first looked for as it is, then as a path through nested objects.
 */
export function bodyValue(subject: Subject, key: Span, into: Span): bool {
  if (subject.bodyView == BodyView.GraphQl) {
    into.set(subject.body.start, subject.body.length)
    return equal(key.start, key.length, QUERY.start, QUERY.length)
  }
  const top = skipSpace(subject.body.start)
  let value = member(top, key.start, key.length)
  if (!value) value = nested(top, key)
  if (!value || isNull(value)) return false
  if (!isString(value)) {
    into.set(value, <u32>(behindValue(value) - value))
    return true
  }
  decode(value, into)
  return true
}

function nested(top: usize, key: Span): usize {
  let value = top
  let at = key.start
  while (value && at <= key.end) {
    let end = at
    while (end < key.end && load<u8>(end) != 0x2e) end++
    value = member(value, at, <u32>(end - at))
    at = end + 1
  }
  return value
}

/** The value of a name; the last one, when there are several, as JSON.parse has it. */
function member(object: usize, name: usize, length: u32): usize {
  if (!isObject(object)) return 0
  let found: usize = 0
  for (let key = firstMember(object); key;) {
    const value = valueOf(key)
    if (isKey(key, name, length)) found = value
    key = nextMember(value)
  }
  return found
}

function isKey(key: usize, name: usize, length: u32): bool {
  decode(key, text)
  return equal(text.start, text.length, name, length)
}
