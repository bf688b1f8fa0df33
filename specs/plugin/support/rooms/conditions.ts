/** Conditions on an exchange as a module of their own, for specs. */
import '../../../../plugin/assembly/abi/abort'
import { Groups } from '../../../../plugin/assembly/conditions/groups'
import { Patterns } from '../../../../plugin/assembly/conditions/patterns'
import { Problems } from '../../../../plugin/assembly/conditions/problem'
import { SkipRules } from '../../../../plugin/assembly/conditions/skip-rules'
import { BodyView, Subject } from '../../../../plugin/assembly/conditions/subject'
import { ConfigReader } from '../../../../plugin/assembly/decision/config-reader'
import { KeyTable } from '../../../../plugin/assembly/decision/key-table'
import { RuleSet } from '../../../../plugin/assembly/decision/rule-set'
import { RulesReader } from '../../../../plugin/assembly/decision/rules-reader'
import { Facts } from '../../../../plugin/assembly/facts/facts'
import { reset } from '../../../../plugin/assembly/memory/arena'
import { hashOf } from '../../../../plugin/assembly/memory/hash'
import { Span } from '../../../../plugin/assembly/memory/span'

export { heldMemory } from './held-memory'
export { allocate, release } from './bytes'
export {
  allocate as storeAllocate,
  release as storeRelease,
} from '../../../../plugin/assembly/memory/store'

const facts = new Facts()
const subject = new Subject(facts)
const blob = new Span()
let groups = new Groups()
let patterns = new Patterns(u32.MAX_VALUE)
let problems = new Problems()

/** Reads a list of groups, a document of JSON. */
export function read(list: usize, mostBytes: u32): void {
  reset()
  groups.free()
  patterns.free()
  problems.free()
  groups = new Groups()
  patterns = new Patterns(mostBytes)
  problems = new Problems()
  groups.read(list, patterns, problems)
}

export function problemCount(): u32 {
  return problems.count
}

export function problemKind(): u32 {
  return problems.kind
}

export function problemText(): Span {
  return problems.about.text
}

export function patternPosition(): u32 {
  return problems.pattern.position
}

export function patternReason(): Span {
  return problems.pattern.reason
}

export function fields(): u32 {
  return groups.fields
}

export function isEmpty(): bool {
  return groups.empty
}

export function patternBytes(): u32 {
  return patterns.bytes
}

/** The request's headers, as the host gives them. */
export function open(start: usize, length: u32, statusKnown: bool, status: u32): void {
  reset()
  blob.set(start, length)
  facts.request.read(blob)
  facts.status = status
  subject.open(statusKnown)
}

export function setBody(view: u32, start: usize, length: u32): void {
  subject.bodyView = <BodyView>view
  subject.body.set(start, length)
}

export function test(): u32 {
  return groups.test(subject)
}

export function isInDoubt(): bool {
  const inDoubt = subject.isInDoubt
  subject.isInDoubt = false
  return inDoubt
}

export function route(): Span {
  return subject.route
}

export function isPreflight(): bool {
  return subject.preflight
}

/** Whether rules to skip are met: 1; 2: a body is looked at; 4: everything is skipped; 8: the question stays as it was. */
export function skips(list: usize): u32 {
  const rules = new SkipRules()
  const found = new Problems()
  rules.read(list, found)
  const before = subject.preflight
  let result: u32 = rules.isMet(subject) ? 1 : 0
  if (rules.looksAtBody) result |= 2
  if (rules.skipsEverything) result |= 4
  if (subject.preflight == before) result |= 8
  rules.free()
  found.free()
  return result
}

/** Of what was read last: that of the configuration, then that of the rules. */
let configDigest: u64 = 0
let rulesDigest: u64 = 0

/** Reads a configuration and rules, either first, and gives them back: 1 the configuration is whole; 2: the rules are. */
export function readDocuments(configAt: usize, rulesAt: usize, rulesFirst: bool): u32 {
  reset()
  const configReader = new ConfigReader(configAt)
  const rulesReader = new RulesReader(rulesAt)
  const config = configReader.config
  const rules = rulesReader.rules
  if (!rulesFirst) configReader.read(u64.MAX_VALUE)
  rulesReader.read(u64.MAX_VALUE)
  let whole: u32 = rules.rank() ? 2 : 0
  if (rulesFirst) configReader.read(u64.MAX_VALUE)
  if (!config.failed) whole |= 1
  configDigest = digestOf(config.cohorts, digestOf(config.userRules, digestOf(config.userRates, 0)))
  configDigest = digestOf(config.companyRules, digestOf(config.companyRates, configDigest))
  if (whole == 3) {
    rules.link(config)
    rules.link(config)
    rulesDigest = orderOf(rules)
  }
  rulesReader.free(true)
  configReader.free(true)
  return whole
}

export function digestOfConfig(): u64 {
  return configDigest
}

export function digestOfRules(): u64 {
  return rulesDigest
}

function digestOf(table: KeyTable, seed: u64): u64 {
  return hashOf(seed, table.entries.start, table.entries.length)
}

function orderOf(rules: RuleSet): u64 {
  let digest: u64 = 0
  for (let i: u32 = 0; i < rules.count; i++) {
    const id = rules.at(i).id
    digest = hashOf(digest, id.start, id.length)
  }
  return digest
}

/** How many rules of a document are left out. */
export function problemsOfRules(at: usize): u32 {
  reset()
  const reader = new RulesReader(at)
  reader.read(u64.MAX_VALUE)
  const count = reader.problems.count
  reader.free(true)
  return count
}
