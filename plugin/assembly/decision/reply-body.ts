import { ByteBuffer } from '../memory/byte-buffer'
import { Span } from '../memory/span'
import { behindString } from '../json/read'
import { skipSpace } from '../json/validate'
import { decode } from '../json/walk'
import { ESCAPED, escapeTo } from '../text/json-escape'
import { BACKSLASH, COLON, OPEN_BRACE, QUOTE } from '../text/bytes'
import { fill } from './template'
import { Rule } from './rule'
import { Ruling } from './ruling'

/** Room that `escapeTo` may touch behind what it writes. */
const BEHIND: u32 = 16

const text = new Span()

/** Writes the rule's body, JSON as it stands in the document, with the templates in its texts filled in, however deep; keys stay. */
export function writeBody(rule: Rule, ruling: Ruling, out: ByteBuffer, scratch: ByteBuffer): void {
  const body = rule.body
  let at = body.start
  let copied = at
  while (at < body.end) {
    if (load<u8>(at) != QUOTE) {
      at++
      continue
    }
    const end = behindString(at)
    const isKey = end < body.end && load<u8>(skipSpace(end)) == COLON
    if (!isKey && mayHoldTemplate(at, end)) {
      out.bytes(copied, <u32>(at - copied))
      writeText(at, rule, ruling, out, scratch)
      copied = end
    }
    at = end
  }
  out.bytes(copied, <u32>(body.end - copied))
}

function mayHoldTemplate(from: usize, end: usize): bool {
  for (let at = from; at < end; at++) {
    const byte = load<u8>(at)
    if (byte == OPEN_BRACE || byte == BACKSLASH) return true
  }
  return false
}

function writeText(
  at: usize,
  rule: Rule,
  ruling: Ruling,
  out: ByteBuffer,
  scratch: ByteBuffer,
): void {
  decode(at, text)
  scratch.length = 0
  fill(text, rule, ruling, scratch)
  const most = scratch.length * <u32>ESCAPED + BEHIND
  out.byte(QUOTE)
  const start = out.length
  const to = out.room(most)
  if (!to) return
  const written = <u32>(escapeTo(scratch.start, scratch.length, to) - to)
  out.length = start + written
  out.byte(QUOTE)
}
