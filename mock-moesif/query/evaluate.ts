import type { Condition, Node } from './ast.ts'
import { findField, type Field } from './fields.ts'
import { readField } from './read-field.ts'
import type { Subject } from './subject.ts'
import { fold, globMatches } from './text-match.ts'
import { numberRange } from './values.ts'

/** Whether the event is what the query asks for. `now` is Unix ms, for `age`. */
export function matches(node: Node, subject: Subject, now: number = Date.now()): boolean {
  switch (node.type) {
    case 'and':
      return node.children.every((child) => matches(child, subject, now))
    case 'or':
      return node.children.some((child) => matches(child, subject, now))
    case 'not':
      return !matches(node.child, subject, now)
    case 'condition':
      return conditionHolds(node, subject, now)
  }
}

/** Whether a summary is not enough to answer the query. */
export function needsEvent(node: Node): boolean {
  if (node.type === 'not') return needsEvent(node.child)
  if (node.type !== 'condition') return node.children.some(needsEvent)
  return fieldOf(node).deep === true
}

function conditionHolds(condition: Condition, subject: Subject, now: number): boolean {
  const field = fieldOf(condition)
  const values = readField(field, condition, subject, now)
  switch (field.kind) {
    case 'flag':
      return values[0] === (fold(condition.value) === 'true')
    case 'has':
      return values[0] === true
    case 'contains': {
      const part = fold(condition.value)
      return values.some((value) => fold(String(value)).includes(part))
    }
    case 'text':
      return textHolds(condition, values.map(String))
    default: {
      const range = numberRange(field, condition)
      return values.some(
        (value) => typeof value === 'number' && value >= range!.from && value <= range!.to,
      )
    }
  }
}

function textHolds(condition: Condition, values: string[]): boolean {
  if (condition.value === '') return values.every((value) => value === '')
  if (condition.quoted) return values.some((value) => fold(value) === fold(condition.value))
  // An empty text is as good as none: `*` does not find it, as `has:` does not.
  return values.some((value) => value !== '' && globMatches(condition.value, value))
}

function fieldOf(condition: Condition): Field {
  return findField(condition.field + condition.key)!.field
}

/** Why an event is not what was asked for: each condition that failed, as written, and what the event has instead. */
export function failedConditions(
  root: Node,
  text: string,
  subject: Subject,
  now: number = Date.now(),
): { condition: string; actual: string }[] {
  const conjuncts = root.type === 'and' ? root.children : [root]
  return conjuncts
    .filter((node) => !matches(node, subject, now))
    .map((node) => ({
      condition: text.slice(node.start, node.end),
      actual: conditionsIn(node)
        .map((condition) => describeActual(condition, subject, now))
        .join(', '),
    }))
}

function conditionsIn(node: Node): Condition[] {
  if (node.type === 'condition') return [node]
  return node.type === 'not' ? conditionsIn(node.child) : node.children.flatMap(conditionsIn)
}

const MAX_ACTUAL = 200

function describeActual(condition: Condition, subject: Subject, now: number): string {
  const name = condition.field + condition.key
  const values = readField(fieldOf(condition), condition, subject, now)
  if (values.length === 0) return `${name} is absent`
  const shown = values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value)))
  const joined = shown.join(' and ')
  return `${name} is ${joined.length > MAX_ACTUAL ? `${joined.slice(0, MAX_ACTUAL)}…` : joined}`
}
