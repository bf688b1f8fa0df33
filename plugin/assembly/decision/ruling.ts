import { allocate } from '../memory/arena'
import { Rule } from './rule'
import { RuleSet } from './rule-set'

/** Which rules apply to a request, the winning one first. Valid until the callback ends. */
@unmanaged
export class Ruling {
  count: u32
  /** More may apply when the body is here. */
  waits: bool
  /** What the configuration says of the user and the company; 0 when it says nothing. */
  user: usize
  company: usize
  private ranks: usize

  begin(rules: RuleSet): void {
    this.count = 0
    this.waits = false
    this.user = 0
    this.company = 0
    this.ranks = allocate(rules.count * 2)
  }

  at(i: u32): u32 {
    return load<u16>(this.ranks + i * 2)
  }

  /** Keeps the ranks in order, each once. */
  add(rank: u32): void {
    let i = this.count
    for (; i && this.at(i - 1) >= rank; i--) if (this.at(i - 1) == rank) return
    const from = this.ranks + i * 2
    memory.copy(from + 2, from, (this.count - i) * 2)
    store<u16>(from, <u16>rank)
    this.count++
  }

  /** The rule that refuses the request; null when none does. */
  blocker(rules: RuleSet): Rule | null {
    for (let i: u32 = 0; i < this.count; i++) {
      const rule = rules.at(this.at(i))
      if (rule.block) return rule
    }
    return null
  }
}
