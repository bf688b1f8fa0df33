import type { Condition, Node } from './ast.ts'
import { findField } from './fields.ts'
import type { EventSummary } from '../model/event.ts'
import { EventReading } from './event-reading.ts'
import { fieldOf, Reading } from './reading.ts'
import type { Subject } from './subject.ts'
import { fold, globMatchesFolded } from './text-match.ts'
import { numberRange } from './values.ts'

/** Evaluates one event, one condition per step; the caller may yield between two steps. */
export type Steps<Result> = Generator<undefined, Result>

/** Whether the event matches the query. `now` is Unix ms, for `age`. */
export function matches(node: Node, subject: Subject, now: number = Date.now()): boolean {
  return ended(evaluation(node, subject, now))
}

/** `matches` of a row, for a query that does not need the event. */
export function matchesRow(node: Node, row: EventSummary, now: number = Date.now()): boolean {
  return ended(holds(node, new Reading(row, now)))
}

/** `matches` in steps: a query may have many conditions, and an event be large. */
export function evaluation(node: Node, subject: Subject, now: number = Date.now()): Steps<boolean> {
  return holds(node, new EventReading(subject, now))
}

function ended<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

function* holds(node: Node, reading: Reading): Steps<boolean> {
  switch (node.type) {
    case 'and':
      for (const child of node.children) if (!(yield* holds(child, reading))) return false
      return true
    case 'or':
      for (const child of node.children) if (yield* holds(child, reading)) return true
      return false
    case 'not':
      return !(yield* holds(node.child, reading))
    case 'condition':
      yield
      return reading.once(node, () => conditionHolds(node, reading))
  }
}

/** Whether a summary is not enough to answer the query. */
export function needsEvent(node: Node): boolean {
  if (node.type === 'not') return needsEvent(node.child)
  if (node.type !== 'condition') return node.children.some(needsEvent)
  const field = fieldOf(node)
  return (field.kind === 'has' ? findField(node.value)!.field : field).deep === true
}

function conditionHolds(condition: Condition, reading: Reading): boolean {
  const field = fieldOf(condition)
  switch (field.kind) {
    case 'flag':
      return reading.values(condition)[0] === (fold(condition.value) === 'true')
    case 'has':
      return reading.values(condition)[0] === true
    case 'contains':
      return condition.isExact
        ? exactlyHolds(condition, reading.whole(condition))
        : containsHolds(condition, reading.folded(condition))
    case 'text':
      return condition.isExact
        ? exactlyHolds(condition, reading.whole(condition))
        : textHolds(condition, reading.folded(condition))
    default: {
      const range = numberRange(field, condition)
      return reading
        .values(condition)
        .some((value) => typeof value === 'number' && value >= range!.from && value <= range!.to)
    }
  }
}

function textHolds(condition: Condition, texts: string[]): boolean {
  const { value, quoted, isStart } = condition
  if (value === '' && !isStart) return texts.includes('')
  const wanted = fold(value)
  // Neither `*` nor `has:` finds an empty text.
  if (quoted)
    return isStart
      ? texts.some((text) => text !== '' && text.startsWith(wanted))
      : texts.includes(wanted)
  return texts.some((text) => text !== '' && globMatchesFolded(value, text))
}

function containsHolds(condition: Condition, texts: string[]): boolean {
  const { value, quoted, isStart } = condition
  if (value === '' && !isStart) return texts.includes('')
  if (!quoted && value.includes('*'))
    return texts.some((text) => text !== '' && globMatchesFolded(`*${value}*`, text))
  const part = fold(value)
  return texts.some((text) => text !== '' && text.includes(part))
}

/** @note a query that came in a URL has no lone surrogates */
function exactlyHolds({ value, isStart }: Condition, texts: string[]): boolean {
  const wanted = value.toWellFormed()
  return isStart ? texts.some((text) => text.startsWith(wanted)) : texts.includes(wanted)
}

export interface FailedCondition {
  /** As written. */
  condition: string
  /** What the event has instead. */
  actual: string
}

/** Why an event does not match: each condition that failed. */
export function* failedConditions(
  root: Node,
  text: string,
  subject: Subject,
  now: number = Date.now(),
): Steps<FailedCondition[]> {
  const reading = new EventReading(subject, now)
  const failed: FailedCondition[] = []
  for (const node of root.type === 'and' ? root.children : [root]) {
    if (yield* holds(node, reading)) continue
    const actual: string[] = []
    for (const condition of conditionsIn(node)) {
      yield
      actual.push(describeActual(condition, reading))
    }
    failed.push({ condition: text.slice(node.start, node.end), actual: actual.join(', ') })
  }
  return failed
}

function conditionsIn(node: Node): Condition[] {
  if (node.type === 'condition') return [node]
  return node.type === 'not' ? conditionsIn(node.child) : node.children.flatMap(conditionsIn)
}

const MAX_ACTUAL = 200

/** `has:user` is about the user. */
function subjectOf(condition: Condition): Condition {
  if (fieldOf(condition).kind !== 'has') return condition
  const { field, key } = findField(condition.value)!
  return { ...condition, field: field.name, key }
}

function describeActual(written: Condition, reading: Reading): string {
  const condition = subjectOf(written)
  const name = condition.field + condition.key
  const values = reading.values(condition)
  if (values.length === 0) return `${name} is absent`
  const shown = values.map((value) =>
    typeof value === 'string' ? `"${value.slice(0, MAX_ACTUAL)}"` : String(value),
  )
  const joined = shown.join(' and ')
  return `${name} is ${joined.length > MAX_ACTUAL ? `${joined.slice(0, MAX_ACTUAL)}…` : joined}`
}
