import { ByteBuffer } from '../memory/byte-buffer'
import { Span, utf8 } from '../memory/span'
import { memberValue } from './cohort-members'
import { Rule, RuleType } from './rule'
import { Ruling } from './ruling'
import { OPEN_BRACE, PIPE, CLOSE_BRACE } from '../text/bytes'

const UNKNOWN = utf8('UNKNOWN')

const name = new Span()
const fallback = new Span()
const value = new Span()

/**
 * Writes a text with `{{name}}` and `{{name|default}}` filled in: by what the configuration says of the user or company for this
 * rule, else by the default, else `UNKNOWN`. A rule that declares no variables keeps unknown names as they are.
 */
export function fill(text: Span, rule: Rule, ruling: Ruling, out: ByteBuffer): void {
  let at = text.start
  let copied = at
  while (at < text.end) {
    const behind = load<u16>(at) == TWO_OPEN ? readTag(at + 2, text.end) : 0
    if (!behind) {
      at++
      continue
    }
    if (!find(rule, ruling)) {
      if (!rule.hasVariables) {
        at = behind
        continue
      }
      if (fallback.length) value.set(fallback.start, fallback.length)
      else value.set(UNKNOWN.start, UNKNOWN.length)
    }
    out.bytes(copied, <u32>(at - copied))
    out.bytes(value.start, value.length)
    at = behind
    copied = at
  }
  out.bytes(copied, <u32>(text.end - copied))
}

const TWO_OPEN: u16 = 0x7b7b

/** Behind the tag whose name begins at `from`; 0 when it is not a tag: then it is text. */
function readTag(from: usize, end: usize): usize {
  let at = from
  while (at < end && isNameByte(load<u8>(at))) at++
  if (at == from) return 0
  name.set(from, <u32>(at - from))
  fallback.clear()
  if (load<u8>(at) == PIPE) {
    const start = ++at
    while (at < end && load<u8>(at) != CLOSE_BRACE) at++
    if (at == start) return 0
    fallback.set(start, <u32>(at - start))
  }
  const closed = at + 1 < end && load<u8>(at) == CLOSE_BRACE && load<u8>(at, 1) == CLOSE_BRACE
  return closed ? at + 2 : 0
}

function isNameByte(byte: u8): bool {
  return byte != OPEN_BRACE && byte != CLOSE_BRACE && byte != PIPE
}

/** An empty value is none. */
function find(rule: Rule, ruling: Ruling): bool {
  const entry = rule.type == RuleType.User ? ruling.user : ruling.company
  if (rule.type == RuleType.Regex || !memberValue(entry, rule.cohort, name, value)) return false
  return value.length > 0
}
