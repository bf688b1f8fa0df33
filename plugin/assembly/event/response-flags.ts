import { Span, utf8 } from '../memory/span'
import { COMMA } from '../text/bytes'
import * as writer from './writer'

/**
 * Envoy's response flags by bit, as its access logs abbreviate them.
 * https://www.envoyproxy.io/docs/envoy/v1.40.0/configuration/advanced/substitution_formatter#response-flags
 */
const NAMES: Span[] = [
  utf8('LH'),
  utf8('UH'),
  utf8('UT'),
  utf8('LR'),
  utf8('UR'),
  utf8('UF'),
  utf8('UC'),
  utf8('UO'),
  utf8('NR'),
  utf8('DI'),
  utf8('FI'),
  utf8('RL'),
  utf8('UAEX'),
  utf8('RLSE'),
  utf8('DC'),
  utf8('URX'),
  utf8('SI'),
  utf8('IH'),
  utf8('DPE'),
  utf8('UMSDR'),
  utf8('RFCF'),
  utf8('NFCF'),
  utf8('DT'),
  utf8('UPE'),
  utf8('NC'),
  utf8('OM'),
  utf8('DF'),
  utf8('DO'),
  utf8('DR'),
  utf8('UDO'),
]

/** `UF,URX`: the names of the bits that are set; unknown bits are left out. */
export function responseFlags(flags: u64): void {
  let written = false
  for (let bit = 0; bit < NAMES.length; bit++) {
    if (!(flags & ((<u64>1) << bit))) continue
    if (written) writer.byte(COMMA)
    written = true
    writer.literal(NAMES[bit])
  }
}
