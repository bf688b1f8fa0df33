import { Span } from '../memory/span'
import { QUOTE } from '../text/bytes'
import * as writer from './writer'

/** A member whose value is a text; nothing when it is empty. `key` ends with the opening quote of the value. */
export function text(key: Span, value: Span, most: u32): void {
  if (!value.length) return
  writer.literal(key)
  writer.escaped(value.start, min(value.length, most))
  writer.byte(QUOTE)
}
