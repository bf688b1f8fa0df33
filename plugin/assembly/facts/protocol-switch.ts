import { equal, utf8 } from '../memory/span'
import { hasToken } from '../text/ascii'
import { ZERO } from '../text/bytes'
import { HeaderTable, headerName } from './header-table'

const METHOD = headerName(utf8(':method'))
const CONNECT = utf8('CONNECT')
const UPGRADE_HEADER = headerName(utf8('upgrade'))
const CONNECTION = headerName(utf8('connection'))
const CONTENT_LENGTH = headerName(utf8('content-length'))
const UPGRADE = utf8('upgrade')

const SWITCHING_PROTOCOLS: u32 = 101

/**
 * Whether an exchange asks for another protocol: what its client sends after the headers is not an HTTP body, whatever the
 * answer is. An extended CONNECT (WebSocket over HTTP/2 and 3) is shown to filters as the HTTP/1 upgrade it stands for.
 */
export function asksForSwitch(request: HeaderTable): bool {
  const method = request.find(METHOD)
  if (method != null && equal(method.value, method.valueLength, CONNECT.start, CONNECT.length))
    return true
  if (request.find(UPGRADE_HEADER) == null) return false
  let connection = request.find(CONNECTION)
  while (connection != null) {
    if (hasToken(connection.value, connection.valueLength, UPGRADE)) return true
    connection = connection.again
  }
  return false
}

/**
 * Whether what the upstream sent after its headers is not a body: 101, or 2xx to CONNECT. Envoy shows some tunnels as an upgrade that
 * is answered 200 (UDP over HTTP): a response that declines to switch is distinguished from these by its content-length, which a tunnel
 * never has (RFC 9110, 9.3.6), unless Envoy adds one of 0.
 */
export function isSwitched(asked: bool, response: HeaderTable, status: u32): bool {
  if (status == SWITCHING_PROTOCOLS) return true
  if (!asked || status < 200 || status > 299) return false
  const length = response.find(CONTENT_LENGTH)
  return length == null || (length.valueLength == 1 && load<u8>(length.value) == ZERO)
}
