import { property } from '../abi/property'
import { Span, utf8 } from '../memory/span'
import { HeaderTable, headerName } from './header-table'

const AUTHORITY = headerName(utf8(':authority'))
const HOST = headerName(utf8('host'))
const DESTINATION_ADDRESS = utf8('destination\0address')
const UNKNOWN = utf8('unknown.invalid')

/** Whom the client asked; without a host the address the request came in at, which is the truth that is left. */
export function authority(request: HeaderTable, into: Span): void {
  let entry = request.find(AUTHORITY)
  if (entry == null || entry.valueLength == 0) entry = request.find(HOST)
  if (entry != null && entry.valueLength > 0) {
    into.set(entry.value, entry.valueLength)
    return
  }
  property(DESTINATION_ADDRESS, into)
  if (!into.length) into.set(UNKNOWN.start, UNKNOWN.length)
}
