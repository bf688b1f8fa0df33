import { nowMs } from '../abi/clock'
import { skipSpace } from '../json/validate'
import { firstItem, isArray, nextItem } from '../json/walk'
import { RuleProblems, TOO_MANY } from './rule-problem'
import { readRule } from './rule-reader'
import { MOST_RULES, RuleSet } from './rule-set'

/** Reads a `/v1/rules` that `isJson` accepted, in pieces. The document must stay where it is. */
@unmanaged
export class RulesReader {
  readonly rules: RuleSet = new RuleSet()
  readonly problems: RuleProblems = new RuleProblems()
  private at: usize

  constructor(document: usize) {
    const top = skipSpace(document)
    this.at = isArray(top) ? firstItem(top) : 0
  }

  /** Reads on until about `until` (Unix ms); true at the end. */
  read(until: u64): bool {
    while (this.at) {
      const rule = readRule(this.at, this.rules.patterns, this.problems)
      if (rule != null && this.rules.count < MOST_RULES) this.rules.add(rule)
      else if (rule != null) {
        this.problems.leaveOut(rule.id, TOO_MANY)
        rule.free()
      }
      this.at = nextItem(this.at)
      if (nowMs() >= until) return !this.at
    }
    return true
  }

  /** @param whole with what was read */
  free(whole: bool): void {
    if (whole) this.rules.free()
    this.problems.free()
    heap.free(changetype<usize>(this))
  }
}
