import { Span } from '../abi/span'
import { HeaderTable } from './header-table'

/** The first value of the option's header that is not blank, trimmed; the response's only if the request has none. */
export function identity(
  option: Span,
  request: HeaderTable,
  response: HeaderTable,
  into: Span,
): bool {
  if (!option.length) return false
  return firstValue(option, request, into) || firstValue(option, response, into)
}

export function firstValue(name: Span, table: HeaderTable, into: Span): bool {
  let entry = table.find(name)
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
