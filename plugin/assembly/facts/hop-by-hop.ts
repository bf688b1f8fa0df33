import { utf8 } from '../memory/span'
import { HeaderName, HeaderTable, headerName } from './header-table'

/** Fields of one connection (RFC 9110, 7.6.1): Envoy takes an upstream's off behind the filters. */
const HOP_BY_HOP: HeaderName[] = [
  headerName(utf8('connection')),
  headerName(utf8('keep-alive')),
  headerName(utf8('proxy-connection')),
  headerName(utf8('transfer-encoding')),
  headerName(utf8('upgrade')),
]

/** The client is not sent these: they are not written. */
export function leaveOutHopByHop(table: HeaderTable): void {
  for (let i = 0; i < HOP_BY_HOP.length; i++) {
    const entry = table.find(HOP_BY_HOP[i])
    if (entry != null) entry.masked = true
  }
}
