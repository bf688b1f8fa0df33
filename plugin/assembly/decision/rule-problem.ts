import { Problems } from '../conditions/problem'
import { Span, utf8 } from '../memory/span'
import { Excerpt } from '../text/excerpt'

/** What is wrong with a rule that is left out. */
export const NO_OBJECT = utf8('it is not an object')
export const NO_ID = utf8('it has no "_id"')
export const NO_TYPE = utf8('its "type" is none of user, company and regex')
export const NO_APPLIED_TO = utf8('its "applied_to" is neither matching nor not_matching')
export const NO_CONDITIONS = utf8('its "regex_config" is not a list')
export const TOO_MANY = utf8('65,534 stand before it, and more are not read')
export const NO_RESPONSE = utf8('its "response" is not an object')

/** What is wrong with the rules of a document: the first bad rule, condition and header, and how many there are of each. */
@unmanaged
export class RuleProblems {
  /** Left out. */
  rules: u32 = 0
  readonly rule: Excerpt = new Excerpt()
  reason: Span = NO_OBJECT
  readonly conditions: Problems = new Problems()
  /** The rule of the first bad condition. */
  readonly conditionsOf: Excerpt = new Excerpt()
  /** Headers of answers that no rule may set. */
  headers: u32 = 0
  readonly header: Excerpt = new Excerpt()
  readonly headerOf: Excerpt = new Excerpt()

  /** Rules of which a part is ignored. */
  get count(): u32 {
    return this.rules + this.conditions.count + this.headers
  }

  leaveOut(id: Span, reason: Span): void {
    if (this.rules++) return
    this.rule.set(id.start, id.length)
    this.reason = reason
  }

  leaveOutHeader(id: Span, start: usize, length: u32): void {
    if (this.headers++) return
    this.headerOf.set(id.start, id.length)
    this.header.set(start, length)
  }

  free(): void {
    this.rule.free()
    this.conditions.free()
    this.conditionsOf.free()
    this.header.free()
    this.headerOf.free()
    heap.free(changetype<usize>(this))
  }
}
