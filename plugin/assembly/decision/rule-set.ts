import { Field } from '../conditions/field'
import { Patterns } from '../conditions/patterns'
import { allocate, release } from '../memory/store'
import { AppConfig, NO_COHORT } from './app-config'
import { KeyTable } from './key-table'
import { Rule, RuleType } from './rule'
import { RuleList } from './rule-list'

const MOST_PATTERN_BYTES: u32 = 16 * 1024 * 1024
/** The number of a rule has 16 bits. */
export const MOST_RULES: u32 = 0xfffe
export const NO_RULE: u32 = 0xffff

/**
 * `/v1/rules`, in order of precedence: a rule's index is its rank. Rules that are selected by the exchange itself are kept in lists;
 * those for the members of a cohort are looked up by the member.
 */
@unmanaged
export class RuleSet {
  count: u32 = 0
  failed: bool = false
  /** Fields that any rule looks at, a bit each. */
  fields: u32 = 0
  readonly patterns: Patterns = new Patterns(MOST_PATTERN_BYTES)
  /** Of requests without a user, or a company. */
  readonly unidentifiedUsers: RuleList = new RuleList()
  readonly unidentifiedCompanies: RuleList = new RuleList()
  /** Of those outside of a cohort. */
  readonly otherUsers: RuleList = new RuleList()
  readonly otherCompanies: RuleList = new RuleList()
  readonly regex: RuleList = new RuleList()
  /** There are rules of these types. */
  forUsers: bool
  forCompanies: bool
  private first: Rule | null = null
  private rules: usize
  private byId: KeyTable = new KeyTable()
  /** Of each cohort of the configuration, the rule's index. */
  private ofCohort: usize
  private cohorts: u32

  /** Rules come in the order of the document. */
  add(rule: Rule): void {
    rule.place = this.count++
    rule.next = this.first
    this.first = rule
  }

  /** All are here: ranks them. False when there is no room. */
  rank(): bool {
    this.rules = allocate(this.count * 4)
    if (!this.rules) return false
    let i = this.count
    let rule = this.first
    while (rule != null) {
      store<usize>(this.rules + --i * 4, changetype<usize>(rule))
      rule = rule.next
    }
    this.first = null
    this.sort()
    for (let index: u32 = 0; index < this.count; index++) this.enter(this.at(index), index)
    return !this.failed
  }

  at(index: u32): Rule {
    return changetype<Rule>(load<usize>(this.rules + index * 4))
  }

  /** Connects rules with the members of their cohorts, which another document lists; called whenever one of the two is new. */
  link(config: AppConfig): void {
    for (let index: u32 = 0; index < this.count; index++) this.at(index).cohort = NO_COHORT
    const known = config.cohorts
    release(this.ofCohort)
    this.ofCohort = allocate(known.count * 2)
    this.cohorts = this.ofCohort ? known.count : 0
    if (!this.ofCohort) return
    for (let slot: u32 = 0; slot < known.capacity; slot++) {
      const entry = known.entryAt(slot)
      if (!entry) continue
      const length: u32 = load<u16>(entry)
      const cohort: u32 = load<u16>(entry + 2 + length)
      const found = this.byId.find(entry + 2, length)
      const index: u32 = found ? load<u16>(found) : NO_RULE
      store<u16>(this.ofCohort + cohort * 2, <u16>index)
      if (index != NO_RULE) this.at(index).cohort = cohort
    }
  }

  /** The rule of a cohort, `NO_RULE` when it no longer exists. */
  ruleOf(cohort: u32): u32 {
    return cohort < this.cohorts ? <u32>load<u16>(this.ofCohort + cohort * 2) : NO_RULE
  }

  get looksAtBody(): bool {
    return (this.fields & (1 << (<u32>Field.Body))) != 0
  }

  free(): void {
    while (this.first != null) {
      const rule = this.first as Rule
      this.first = rule.next
      rule.free()
    }
    for (let i: u32 = 0; this.rules && i < this.count; i++) this.at(i).free()
    release(this.rules)
    release(this.ofCohort)
    this.byId.free()
    this.unidentifiedUsers.free()
    this.unidentifiedCompanies.free()
    this.otherUsers.free()
    this.otherCompanies.free()
    this.regex.free()
    this.patterns.free()
    heap.free(changetype<usize>(this))
  }

  private enter(rule: Rule, index: u32): void {
    const groups = rule.groups
    if (groups != null) this.fields |= groups.fields
    if (!this.byId.add(rule.id.start, rule.id.length)) this.failed = true
    else this.byId.entries.word16(index)
    if (rule.type == RuleType.Regex) return this.list(this.regex, rule, index)
    const isOfUsers = rule.type == RuleType.User
    if (isOfUsers) this.forUsers = true
    else this.forCompanies = true
    if (rule.unidentified) {
      this.list(isOfUsers ? this.unidentifiedUsers : this.unidentifiedCompanies, rule, index)
    }
    if (rule.notMatching) {
      this.list(isOfUsers ? this.otherUsers : this.otherCompanies, rule, index)
    }
  }

  private list(list: RuleList, rule: Rule, index: u32): void {
    list.add(rule, index)
    if (list.failed) this.failed = true
  }

  /** Merge sort: a document may hold thousands of rules, in any order. */
  private sort(): void {
    const spare = allocate(this.count * 4)
    if (!spare) {
      this.failed = true
      return
    }
    let from = this.rules
    let to = spare
    for (let width: u32 = 1; width < this.count; width *= 2) {
      for (let low: u32 = 0; low < this.count; low += width * 2) {
        merge(from, to, low, min(low + width, this.count), min(low + width * 2, this.count))
      }
      const swap = from
      from = to
      to = swap
    }
    this.rules = from
    release(to)
  }
}

function merge(from: usize, to: usize, low: u32, middle: u32, high: u32): void {
  let left = low
  let right = middle
  for (let i = low; i < high; i++) {
    const takeLeft =
      left < middle && (right >= high || !ruleAt(from, right).precedes(ruleAt(from, left)))
    const index = takeLeft ? left++ : right++
    store<usize>(to + i * 4, load<usize>(from + index * 4))
  }
}

function ruleAt(list: usize, index: u32): Rule {
  return changetype<Rule>(load<usize>(list + index * 4))
}
