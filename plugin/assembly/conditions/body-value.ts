import { Span, equal, utf8 } from '../memory/span'
import { behindValue } from '../json/read'
import { skipSpace } from '../json/validate'
import { decode, isNull, isObject, isString, memberOf } from '../json/walk'
import { BodyView, Subject } from './subject'
import { DOT } from '../text/bytes'

const QUERY = utf8('query')

const segment = new Span()

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
  let value = isObject(top) ? memberOf(top, key) : 0
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
    while (end < key.end && load<u8>(end) != DOT) end++
    segment.set(at, <u32>(end - at))
    value = isObject(value) ? memberOf(value, segment) : 0
    at = end + 1
  }
  return value
}
