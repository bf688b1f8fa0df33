import { toHeaderName } from '../text/header-name'
import { Span, equal, utf8 } from '../memory/span'

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
  if (!toHeaderName(name, length)) return false
  for (let i = 0; i < FRAMING.length; i++) {
    const known = unchecked(FRAMING[i])
    if (equal(known.start, known.length, name, length)) return false
  }
  return true
}
