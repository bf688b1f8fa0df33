import { Outcome } from '../conditions/condition'
import { routeStart } from '../conditions/prefilter'
import { Subject } from '../conditions/subject'
import { Span } from '../memory/span'
import { AppConfig } from './app-config'
import { isMember, memberCohort, memberCount, nextMemberOf } from './cohort-members'
import { KeyTable } from './key-table'
import { Rule, RuleType } from './rule'
import { RuleList } from './rule-list'
import { NO_RULE, RuleSet } from './rule-set'
import { Ruling } from './ruling'

/**
 * Finds the rules that apply to a request. Without a configuration nothing is known of cohorts: then rules about them do not
 * apply, as any doubt lets a request pass.
 */
export function govern(
  rules: RuleSet,
  config: AppConfig | null,
  subject: Subject,
  ruling: Ruling,
): void {
  ruling.begin(rules)
  const facts = subject.facts
  const route = routeStart(subject)
  if (rules.forUsers) {
    const id = facts.userId()
    if (!id.length) visit(rules, rules.unidentifiedUsers, 0, subject, route, ruling)
    else if (config != null) {
      ruling.user = entryOf(config.userRules, id)
      visitMembers(rules, RuleType.User, ruling.user, subject, ruling)
      visit(rules, rules.otherUsers, ruling.user, subject, route, ruling)
    }
  }
  if (rules.forCompanies) {
    const id = facts.companyId()
    if (!id.length) visit(rules, rules.unidentifiedCompanies, 0, subject, route, ruling)
    else if (config != null) {
      ruling.company = entryOf(config.companyRules, id)
      visitMembers(rules, RuleType.Company, ruling.company, subject, ruling)
      visit(rules, rules.otherCompanies, ruling.company, subject, route, ruling)
    }
  }
  visit(rules, rules.regex, 0, subject, route, ruling)
}

function entryOf(table: KeyTable, id: Span): usize {
  return table.find(id.start, id.length)
}

/** Rules of a list, except those whose cohort contains the user or company. */
function visit(
  rules: RuleSet,
  list: RuleList,
  entry: usize,
  subject: Subject,
  route: u64,
  ruling: Ruling,
): void {
  const length = list.length
  let last = NO_RULE
  let i = list.next(0, subject.verbBit, route)
  for (; i < length; i = list.next(i + 1, subject.verbBit, route)) {
    const index = list.ruleAt(i)
    if (index == last) continue
    last = index
    const rule = rules.at(index)
    if (isMember(entry, rule.cohort)) continue
    ask(rule, index, subject, ruling)
  }
}

/** Rules whose cohort contains the user or company. */
function visitMembers(
  rules: RuleSet,
  type: RuleType,
  entry: usize,
  subject: Subject,
  ruling: Ruling,
): void {
  let at = entry + 2
  for (let left = memberCount(entry); left; left--) {
    const index = rules.ruleOf(memberCohort(at))
    at = nextMemberOf(at)
    if (index == NO_RULE) continue
    const rule = rules.at(index)
    if (rule.type == type && !rule.notMatching) ask(rule, index, subject, ruling)
  }
}

function ask(rule: Rule, index: u32, subject: Subject, ruling: Ruling): void {
  const groups = rule.groups
  if (groups == null) {
    // For any request but a CORS preflight, which a rule without conditions does not refuse.
    if (!subject.preflight) ruling.add(index)
    return
  }
  const outcome = groups.test(subject)
  if (outcome == Outcome.Yes) ruling.add(index)
  else if (outcome == Outcome.Later) ruling.waits = true
}
