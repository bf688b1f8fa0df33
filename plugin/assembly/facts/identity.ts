import { Span } from '../memory/span'
import { HeaderEntry, HeaderTable } from './header-table'

/** The first value of the option's header that is not blank, trimmed; the response's only if the request has none. */
export function identity(
  option: Span,
  request: HeaderTable,
  response: HeaderTable,
  into: Span,
): bool {
  if (!option.length) return false
  return firstValue(request.findSpan(option), into) || firstValue(response.findSpan(option), into)
}

/** The first value that is not blank, of this entry or a later one of its name. */
export function firstValue(first: HeaderEntry | null, into: Span): bool {
  let entry = first
  while (entry != null) {
    let start = entry.value
    let end = start + entry.valueLength
    while (start < end && isBlank(load<u8>(start))) start++
    while (end > start && isBlank(load<u8>(end - 1))) end--
    if (start < end) {
      into.set(start, <u32>(end - start))
      return true
    }
    entry = entry.again
  }
  return false
}

function isBlank(byte: u8): bool {
  return byte == 0x20 || byte == 0x09
}
