import { Span } from '../memory/span'
import { trim } from '../text/ascii'
import { HeaderEntry, HeaderTable } from './header-table'

/**
 * The first value of the option's header that is not blank, trimmed; the response's only if the request has none. Empty when there
 * is none.
 */
export function identity(
  option: Span,
  request: HeaderTable,
  response: HeaderTable,
  into: Span,
): void {
  into.clear()
  if (!option.length) return
  firstValue(request.findSpan(option), into)
  if (!into.length) firstValue(response.findSpan(option), into)
}

/** The first value that is not blank, of this entry or a later one of its name; empty when there is none. */
export function firstValue(first: HeaderEntry | null, into: Span): void {
  into.clear()
  let entry = first
  while (entry != null) {
    trim(entry.value, entry.value + entry.valueLength, into)
    if (into.length) return
    entry = entry.again
  }
}
