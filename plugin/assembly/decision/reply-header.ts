import { toHeaderName } from '../text/header-name'
import { Span, isOneOf, utf8 } from '../memory/span'

/** What belongs to the connection and its framing: Envoy sets these itself. */
const FRAMING: Span[] = [
  utf8('connection'),
  utf8('content-length'),
  utf8('host'),
  utf8('keep-alive'),
  utf8('proxy-connection'),
  utf8('te'),
  utf8('trailer'),
  utf8('transfer-encoding'),
  utf8('upgrade'),
]

/** Whether a rule may set a header of this name; also makes the name lower case. */
export function isSettable(name: usize, length: u32): bool {
  return toHeaderName(name, length) && !isOneOf(FRAMING, name, length)
}
