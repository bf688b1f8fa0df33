import { property } from '../abi/property'
import { Span, utf8 } from '../memory/span'
import { COMMA } from '../text/bytes'
import { addressIn } from './ip-address'
import { HeaderName, HeaderTable, headerName } from './header-table'

/** In the order in which Moesif's own middleware looks for the client: the first valid address of the first that has one. */
const HEADERS = [
  headerName(utf8('x-client-ip')),
  headerName(utf8('x-forwarded-for')),
  headerName(utf8('cf-connecting-ip')),
  headerName(utf8('fastly-client-ip')),
  headerName(utf8('true-client-ip')),
  headerName(utf8('x-real-ip')),
  headerName(utf8('x-cluster-client-ip')),
  headerName(utf8('x-forwarded')),
  headerName(utf8('forwarded-for')),
  headerName(utf8('forwarded')),
  headerName(utf8('x-appengine-user-ip')),
]
const SOURCE_ADDRESS = utf8('source\0address')
const CF_PSEUDO_IPV4 = headerName(utf8('cf-pseudo-ipv4'))

const peer = new Span()

/** The client's address without port, empty when nothing tells it. */
export function clientAddress(request: HeaderTable, into: Span): void {
  for (let i = 0; i < HEADERS.length; i++) {
    if (inHeader(request, unchecked(HEADERS[i]), into)) return
  }
  property(SOURCE_ADDRESS, peer)
  if (addressIn(peer.start, peer.length, into)) return
  if (!inHeader(request, CF_PSEUDO_IPV4, into)) into.set(0, 0)
}

function inHeader(request: HeaderTable, name: HeaderName, into: Span): bool {
  let entry = request.find(name)
  while (entry != null) {
    const end = entry.value + entry.valueLength
    let at = entry.value
    while (at < end) {
      let stop = at
      while (stop < end && load<u8>(stop) != COMMA) stop++
      if (addressIn(at, <u32>(stop - at), into)) return true
      at = stop + 1
    }
    entry = entry.again
  }
  return false
}
