/** Conditions on an exchange as a module of their own, for specs. */
import '../../../../plugin/assembly/abi/abort'
import { Groups } from '../../../../plugin/assembly/conditions/groups'
import { Patterns } from '../../../../plugin/assembly/conditions/patterns'
import { Problems } from '../../../../plugin/assembly/conditions/problem'
import { SkipRules } from '../../../../plugin/assembly/conditions/skip-rules'
import { BodyView, Subject } from '../../../../plugin/assembly/conditions/subject'
import { Facts } from '../../../../plugin/assembly/facts/facts'
import { reset } from '../../../../plugin/assembly/memory/arena'
import { Span } from '../../../../plugin/assembly/memory/span'

export { heldMemory } from './held-memory'
export { allocate, release } from './bytes'

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
