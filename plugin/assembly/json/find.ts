import { Span } from '../memory/span'
import { isDigit } from '../text/ascii'
import { ZERO } from '../text/bytes'
import { skipSpace } from './validate'
import { firstItem, isArray, isObject, memberOf, nextItem } from './walk'

const segment = new Span()

/**
 * Where the value of a path stands in a document that `isJson` accepted; 0 when there is none. Each segment of the path is
 * followed by a NUL: the name of a member, or the index of an element.
 */
export function findValue(document: usize, path: Span): usize {
  let at = skipSpace(document)
  let from = path.start
  while (at && from < path.end) {
    let end = from
    while (load<u8>(end)) end++
    segment.set(from, <u32>(end - from))
    if (isObject(at)) at = memberOf(at, segment)
    else if (isArray(at)) at = element(at, segment)
    else return 0
    from = end + 1
  }
  return at
}

function element(array: usize, index: Span): usize {
  if (index.length > 6) return 0
  let left: u32 = 0
  for (let at = index.start; at < index.end; at++) {
    const digit = load<u8>(at)
    if (!isDigit(digit)) return 0
    left = left * 10 + digit - ZERO
  }
  let item = firstItem(array)
  while (item && left--) item = nextItem(item)
  return item
}
