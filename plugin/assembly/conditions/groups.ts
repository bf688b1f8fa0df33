import { firstItem, isArray, nextItem } from '../json/walk'
import { Outcome } from './condition'
import { Group } from './group'
import { Patterns } from './patterns'
import { routeStart } from './prefilter'
import { ProblemKind, Problems } from './problem'
import { Subject } from './subject'
import { behindValue } from '../json/read'

/** Groups of conditions, one of which must be met: `[{"conditions": [{"path": …, "value": …}]}]`. */
@unmanaged
export class Groups {
  first: Group | null = null
  /** Fields that any of them looks at, a bit each. */
  fields: u32 = 0

  /** Whether there are no groups; the caller decides what that means. */
  get empty(): bool {
    return this.first == null
  }

  test(subject: Subject): Outcome {
    const route = routeStart(subject)
    let outcome = Outcome.No
    let group = this.first
    while (group != null && outcome != Outcome.Yes) {
      const applies = !subject.preflight || group.prefilter.looksAtVerb
      if (applies && group.prefilter.passes(subject.verbBit, route)) {
        const one = group.test(subject)
        if (one != Outcome.No) outcome = one
      }
      group = group.next
    }
    return outcome
  }

  /** Reads a list; what is invalid in it is reported in `problems`, and never matches. */
  read(list: usize, patterns: Patterns, problems: Problems): void {
    if (!isArray(list)) {
      problems.add(ProblemKind.Shape, list, <u32>(behindValue(list) - list))
      return
    }
    let last: Group | null = null
    for (let item = firstItem(list); item; item = nextItem(item)) {
      const group = new Group()
      group.read(item, patterns, problems)
      this.fields |= group.fields
      if (last == null) this.first = group
      else last.next = group
      last = group
    }
  }

  free(): void {
    let group = this.first
    while (group != null) {
      const next = group.next
      group.free()
      group = next
    }
    heap.free(changetype<usize>(this))
  }
}
