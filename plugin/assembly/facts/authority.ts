import { property } from '../abi/property'
import { Span, utf8 } from '../memory/span'
import { AT } from '../text/bytes'
import { HeaderTable, headerName } from './header-table'
import { addressIn } from './ip-address'

const AUTHORITY = headerName(utf8(':authority'))
const HOST = headerName(utf8('host'))
const DESTINATION_ADDRESS = utf8('destination\0address')
const UNKNOWN = utf8('unknown.invalid')

const address = new Span()

/**
 * The authority that the client requested. User information is left out: it is not allowed in an http URI (RFC 9110, 4.2.4), and is
 * a secret. Without a host it is the address that the request came in at, if that is one of IP.
 */
export function authority(request: HeaderTable, into: Span): void {
  let entry = request.find(AUTHORITY)
  if (entry == null || entry.valueLength == 0) entry = request.find(HOST)
  if (entry != null && entry.valueLength) {
    into.set(entry.value, entry.valueLength)
    leaveOutUserInfo(into)
    if (into.length) return
  }
  property(DESTINATION_ADDRESS, into)
  if (!addressIn(into.start, into.length, address)) into.set(UNKNOWN.start, UNKNOWN.length)
}

function leaveOutUserInfo(host: Span): void {
  const end = host.end
  for (let at = end; at > host.start; at--) {
    if (load<u8>(at - 1) == AT) return host.set(at, <u32>(end - at))
  }
}
