import { Span } from '../memory/span'
import { Field } from './field'
import { Condition } from './condition'
import { ALL_VERBS } from './verb'
import { Subject } from './subject'

/**
 * A cheap test for a group of conditions: most requests are excluded by their verb and the first bytes of their route, before
 * an expression is evaluated.
 */
@unmanaged
export class Prefilter {
  verbs: u32 = ALL_VERBS
  /** Of the route, in the bytes of the mask. */
  prefix: u64 = 0
  mask: u64 = 0

  add(condition: Condition): void {
    this.verbs &= condition.verbs
    if (condition.field != Field.Route) return
    const beginning = condition.regex.prefix
    this.mask = maskOf(beginning.length)
    this.prefix = firstBytes(beginning)
  }

  /** There is a condition on the verb that not every verb meets. */
  get looksAtVerb(): bool {
    return this.verbs != ALL_VERBS
  }

  /** `route`: what `routeStart` made of it. */
  @inline
  passes(verbBit: u32, route: u64): bool {
    return (this.verbs & verbBit) != 0 && (route & this.mask) == this.prefix
  }
}

/** The first eight bytes of a route, zeros behind its end. */
export function routeStart(subject: Subject): u64 {
  return firstBytes(subject.route)
}

/** Eight bytes can be read wherever a text begins: every block has room behind it. */
function firstBytes(text: Span): u64 {
  return text.length ? load<u64>(text.start) & maskOf(text.length) : 0
}

function maskOf(length: u32): u64 {
  return length >= 8 ? ~(<u64>0) : ((<u64>1) << (length << 3)) - 1
}
