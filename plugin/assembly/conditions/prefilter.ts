import { Field } from './field'
import { Condition } from './condition'
import { ALL_VERBS } from './verb'
import { Subject } from './subject'

const ROUTE_BYTES: u32 = 8

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
    const regex = condition.regex
    if (condition.field != Field.Route || regex == null) return
    const length = min(regex.prefix.length, ROUTE_BYTES)
    const mask = maskOf(length)
    if (mask <= this.mask) return
    this.mask = mask
    this.prefix = firstBytes(regex.prefix.start, length)
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

/** The first bytes of a route, zeros behind its end. */
export function routeStart(subject: Subject): u64 {
  return firstBytes(subject.route.start, min(subject.route.length, ROUTE_BYTES))
}

/** Eight bytes can be read wherever a text begins: every block has room behind it. */
function firstBytes(at: usize, length: u32): u64 {
  return length ? load<u64>(at) & maskOf(length) : 0
}

function maskOf(length: u32): u64 {
  return length >= 8 ? ~(<u64>0) : ((<u64>1) << (length << 3)) - 1
}
