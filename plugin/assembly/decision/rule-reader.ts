import { Groups } from '../conditions/groups'
import { Patterns } from '../conditions/patterns'
import { behindValue, numberAt } from '../json/read'
import {
  decode,
  firstItem,
  firstMember,
  isArray,
  isNamed,
  isNull,
  isNumber,
  isObject,
  isString,
  isTrue,
  nextMember,
  valueOf,
} from '../json/walk'
import { setText } from '../memory/owned-text'
import { Span, copyOf, equal, utf8 } from '../memory/span'
import { isSettable } from './reply-header'
import { Rule, RuleHeader, RuleType } from './rule'
import * as problem from './rule-problem'
import { RuleProblems } from './rule-problem'

const ID = utf8('_id')
const TYPE = utf8('type')
const BLOCK = utf8('block')
const APPLIED_TO = utf8('applied_to')
const UNIDENTIFIED = utf8('applied_to_unidentified')
const PRIORITY = utf8('priority')
const REGEX_CONFIG = utf8('regex_config')
const RESPONSE = utf8('response')
const VARIABLES = utf8('variables')
const STATUS = utf8('status')
const HEADERS = utf8('headers')
const BODY = utf8('body')
const USER = utf8('user')
const COMPANY = utf8('company')
const REGEX = utf8('regex')
const MATCHING = utf8('matching')
const NOT_MATCHING = utf8('not_matching')

const text = new Span()
const id = new Span()

/** A rule from its JSON; null, with the reason in `problems`, when it is not one. Unknown members and nulls are passed over. */
export function readRule(object: usize, patterns: Patterns, problems: RuleProblems): Rule | null {
  id.clear()
  if (!isObject(object)) return refuse(null, problem.NO_OBJECT, problems)
  const rule = new Rule()
  let type = RuleType.None
  let conditions: usize = 0
  let response: usize = 0
  let wrong: Span | null = null
  for (let key = firstMember(object); key;) {
    const value = valueOf(key)
    if (isNull(value)) {
      // Counts as absent.
    } else if (isNamed(key, ID)) {
      if (isString(value)) decode(value, id)
    } else if (isNamed(key, TYPE)) type = typeOf(value)
    else if (isNamed(key, BLOCK)) rule.block = isTrue(value)
    else if (isNamed(key, UNIDENTIFIED)) rule.unidentified = isTrue(value)
    else if (isNamed(key, APPLIED_TO)) {
      if (isText(value, NOT_MATCHING)) rule.notMatching = true
      else if (!isText(value, MATCHING)) wrong = problem.NO_APPLIED_TO
    } else if (isNamed(key, PRIORITY)) {
      if (isNumber(value)) rule.priority = numberAt(value)
    } else if (isNamed(key, REGEX_CONFIG)) conditions = value
    else if (isNamed(key, RESPONSE)) response = value
    else if (isNamed(key, VARIABLES)) rule.hasVariables = isArray(value) && firstItem(value) != 0
    key = nextMember(value)
  }
  if (!id.length) wrong = problem.NO_ID
  else if (type == RuleType.None) wrong = problem.NO_TYPE
  else if (conditions && !isArray(conditions)) wrong = problem.NO_CONDITIONS
  else if (response && !isObject(response)) wrong = problem.NO_RESPONSE
  if (wrong != null) return refuse(rule, wrong, problems)

  rule.type = type
  rule.id.set(copyOf(id.start, id.length), id.length)
  if (conditions) readConditions(rule, conditions, patterns, problems)
  if (response) readResponse(rule, response, problems)
  return rule
}

function refuse(rule: Rule | null, reason: Span, problems: RuleProblems): Rule | null {
  problems.leaveOut(id, reason)
  if (rule != null) rule.free()
  return null
}

function typeOf(value: usize): RuleType {
  if (isText(value, USER)) return RuleType.User
  if (isText(value, COMPANY)) return RuleType.Company
  return isText(value, REGEX) ? RuleType.Regex : RuleType.None
}

function isText(value: usize, known: Span): bool {
  if (!isString(value)) return false
  decode(value, text)
  return equal(text.start, text.length, known.start, known.length)
}

function readConditions(rule: Rule, list: usize, patterns: Patterns, problems: RuleProblems): void {
  const groups = new Groups()
  const before = problems.conditions.count
  groups.read(list, patterns, problems.conditions)
  if (!before && problems.conditions.count) problems.conditionsOf.set(id.start, id.length)
  // No groups at all: whatever the request is.
  if (groups.empty) groups.free()
  else rule.groups = groups
}

function readResponse(rule: Rule, object: usize, problems: RuleProblems): void {
  for (let key = firstMember(object); key;) {
    const value = valueOf(key)
    if (isNumber(value) && isNamed(key, STATUS)) readStatus(rule, numberAt(value))
    else if (isObject(value) && isNamed(key, HEADERS)) readHeaders(rule, value, problems)
    else if (!isNull(value) && isNamed(key, BODY)) {
      setText(rule.body, value, <u32>(behindValue(value) - value))
    }
    key = nextMember(value)
  }
}

/** One that an answer to a request may have. */
function readStatus(rule: Rule, given: f64): void {
  if (given >= 200 && given < 600) rule.status = <u32>given
}

/** Those that no answer may set are left out: they would break its framing. */
function readHeaders(rule: Rule, object: usize, problems: RuleProblems): void {
  let last = rule.firstHeader
  for (let key = firstMember(object); key;) {
    const value = valueOf(key)
    if (isNull(value)) {
      key = nextMember(value)
      continue
    }
    decode(key, text)
    const name = copyOf(text.start, text.length)
    if (isSettable(name, text.length)) {
      const header = new RuleHeader()
      header.name.set(name, text.length)
      if (isString(value)) decode(value, text)
      else text.set(value, <u32>(behindValue(value) - value))
      header.value.set(copyOf(text.start, text.length), text.length)
      if (last == null) rule.firstHeader = header
      else last.next = header
      last = header
    } else {
      problems.leaveOutHeader(id, name, text.length)
      heap.free(name)
    }
    key = nextMember(value)
  }
}
