import { Groups } from '../conditions/groups'
import { freeText } from '../memory/owned-text'
import { Span } from '../memory/span'
import { NO_COHORT } from './app-config'

/** The status when a rule that blocks gives none, or an invalid one. */
const TOO_MANY_REQUESTS: u32 = 429

/** In the order in which they win. */
export const enum RuleType {
  User,
  Company,
  Regex,
  /** Of what is no rule. */
  None,
}

/** A header that a rule sets, its value perhaps a template. */
@unmanaged
export class RuleHeader {
  next: RuleHeader | null = null
  /** In lower case. */
  readonly name: Span = new Span()
  readonly value: Span = new Span()

  free(): void {
    freeText(this.name)
    freeText(this.value)
    heap.free(changetype<usize>(this))
  }
}

/** One rule of `/v1/rules`. */
@unmanaged
export class Rule {
  /** While they are read: the next in the document. */
  next: Rule | null = null
  type: RuleType = RuleType.Regex
  readonly id: Span = new Span()
  /** Refuses the request; otherwise it only adds its headers. */
  block: bool = false
  /** Applies to those outside of its cohort. */
  notMatching: bool = false
  unidentified: bool = false
  /** Lower ones win; without one it is behind all that have one. */
  priority: f64 = Infinity
  /** Place in the document. */
  place: u32 = 0
  /** Number of its cohort in the configuration, `NO_COHORT` when it has no members. */
  cohort: u32 = NO_COHORT
  /** Null: whatever the request is. */
  groups: Groups | null = null
  status: u32 = TOO_MANY_REQUESTS
  firstHeader: RuleHeader | null = null
  /** As JSON; empty when there is none. */
  readonly body: Span = new Span()
  /** Declares variables: a template without a value becomes UNKNOWN instead of staying as it is. */
  hasVariables: bool = false

  /** Whether this one wins over another. */
  precedes(other: Rule): bool {
    if (this.type != other.type) return other.type > this.type
    if (this.priority != other.priority) return other.priority > this.priority
    return other.place > this.place
  }

  free(): void {
    freeText(this.id)
    freeText(this.body)
    const groups = this.groups
    if (groups != null) groups.free()
    let header = this.firstHeader
    while (header != null) {
      const next = header.next
      header.free()
      header = next
    }
    heap.free(changetype<usize>(this))
  }
}
