import { Outcome } from './condition'
import { Field } from './field'
import { Groups } from './groups'
import { Patterns } from './patterns'
import { Problems } from './problem'
import { Subject } from './subject'

/** Memory limit for all expressions of one configuration. */
const MOST_BYTES: u32 = 1024 * 1024

/** The exchanges of which no event is wanted: those that meet one of these groups of conditions. */
@unmanaged
export class SkipRules {
  readonly groups: Groups = new Groups()
  readonly patterns: Patterns = new Patterns(MOST_BYTES)

  read(list: usize, problems: Problems): void {
    this.groups.read(list, this.patterns, problems)
  }

  /** Whether a condition looks at the body, which need not be there. */
  get looksAtBody(): bool {
    return (this.groups.fields & (1 << (<u32>Field.Body))) != 0
  }

  /** Whether a group has no condition at all: it would be met by everything. */
  get skipsEverything(): bool {
    let group = this.groups.first
    while (group != null) {
      if (!group.fields) return true
      group = group.next
    }
    return false
  }

  /** A preflight request is one like any other here. What depends on the response is asked again when it is over. */
  isMet(subject: Subject): bool {
    const preflight = subject.preflight
    subject.preflight = false
    const outcome = this.groups.test(subject)
    subject.preflight = preflight
    return outcome == Outcome.Yes
  }

  free(): void {
    this.groups.free()
    this.patterns.free()
    heap.free(changetype<usize>(this))
  }
}
