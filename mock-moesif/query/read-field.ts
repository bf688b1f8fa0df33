import type { Condition } from './ast.ts'
import { hostOf, pathOf } from '../model/route.ts'
import { findField, type Field } from './fields.ts'
import { jsonText, searchableTexts } from './json-text.ts'
import type { Subject } from './subject.ts'
import { fold } from './text-match.ts'

const MAX_SEGMENTS = 50
/** Code points of a key: of a value that is as long or longer, the start and `…`. */
export const MAX_KEY = 500

export type Value = string | number | boolean

/** The values a field has in an event: none when absent, several for headers that both sides have. */
export function readField(
  field: Field,
  condition: Condition,
  subject: Subject,
  now: number,
): Value[] {
  const { event } = subject
  const { key } = condition
  switch (field.name) {
    case 'status':
      return present(subject.status)
    case 'verb':
      return present(subject.verb)
    case 'uri':
      return present(subject.uri)
    case 'path':
      return present(subject.uri === null ? null : pathOf(subject.uri))
    case 'host':
      return present(subject.uri === null ? null : hostOf(subject.uri))
    case 'user':
      return present(subject.userId)
    case 'route':
      return present(subject.route)
    case 'blocked_by':
      return present(subject.blockedBy)
    case 'weight':
      return [subject.weight]
    case 'company':
      return present(subject.companyId)
    case 'app':
      return [subject.applicationId]
    case 'verdict':
      return [subject.verdict]
    case 'bad':
    case 'warning':
    case 'good':
      return [subject.verdict === field.name]
    case 'duplicate':
      return [subject.duplicateOf !== null]
    case 'duration':
      return present(subject.durationMs)
    case 'age':
      return [now - subject.receivedAt]
    case 'time':
      return present(subject.time)
    case 'size':
      return [subject.size]
    case 'batch':
      return [subject.batchId]
    case 'id':
      return [subject.id]
    case 'direction':
      return present(subject.direction)
    case 'transaction':
      return present(subject.transactionId)
    case 'has':
    case 'missing': {
      const wanted = findField(condition.value)!
      const inner = { ...condition, field: wanted.field.name, key: wanted.key }
      const values = readField(wanted.field, inner, subject, now)
      if (field.name === 'missing') return [values.length === 0]
      const isFlag = wanted.field.kind === 'flag'
      return [values.some((value) => (isFlag ? value === true : value !== ''))]
    }
    case 'session':
      return scalar(member(event, 'session_token'))
    case 'ip':
      return scalar(member(member(event, 'request'), 'ip_address'))
    case 'body':
      return [...bodyOf(event, 'request'), ...bodyOf(event, 'response')]
    case 'request.body':
      return bodyOf(event, 'request')
    case 'response.body':
      return bodyOf(event, 'response')
    case 'request.body.':
    case 'response.body.':
      return scalar(atPath(event, field.name + key))
    case 'header.':
      return [...headerOf(event, 'request', key), ...headerOf(event, 'response', key)]
    case 'request.header.':
      return headerOf(event, 'request', key)
    case 'response.header.':
      return headerOf(event, 'response', key)
    case 'metadata.':
      return scalar(atPath(member(event, 'metadata'), key))
    case 'event.':
      return scalar(atPath(event, key))
    case 'text':
      return event === undefined ? [] : searchableTexts(event)
  }
}

function bodyOf(event: unknown, side: string): Value[] {
  const body = member(member(event, side), 'body')
  if (body === undefined || body === null) return []
  return searchableTexts(body)
}

function headerOf(event: unknown, side: string, name: string): Value[] {
  const headers = member(member(event, side), 'headers')
  if (typeof headers !== 'object' || headers === null) return []
  const wanted = fold(name)
  return Object.entries(headers)
    .filter(([key]) => fold(key) === wanted)
    .flatMap(([, value]) => (Array.isArray(value) ? value.flatMap(scalar) : scalar(value)))
}

function atPath(value: unknown, path: string): unknown {
  return memberAt(value, path.split('.', MAX_SEGMENTS))
}

/** A name may have dots itself: where `plan` is not there, `plan.name` is tried as one name. */
function memberAt(value: unknown, names: readonly string[]): unknown {
  if (names.length === 0) return value
  for (let count = 1; count <= names.length; count++) {
    const inner = member(value, names.slice(0, count).join('.'))
    if (inner === undefined) continue
    const found = memberAt(inner, names.slice(count))
    if (found !== undefined) return found
  }
  return undefined
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}

function scalar(value: unknown): Value[] {
  if (value === undefined || value === null) return []
  if (typeof value === 'object') return [jsonText(value)]
  return [value as Value]
}

function present(value: Value | null): Value[] {
  return value === null ? [] : [value]
}

/** The texts of a field as they are grouped and as `:=` compares them: of a body all of it, not the parts that are searched as well. */
export function wholeTexts(field: Field, subject: Subject, values: Value[]): string[] {
  return wholeValues(field, subject, values).map((value) => String(value).toWellFormed())
}

function wholeValues(field: Field, { event }: Subject, values: Value[]): Value[] {
  if (field.name === 'body')
    return [...bodyOf(event, 'request').slice(0, 1), ...bodyOf(event, 'response').slice(0, 1)]
  return field.kind === 'contains' ? values.slice(0, 1) : values
}

/** The keys of the groups that an event belongs to: several for a header that both sides have, null when it has no value. */
export function groupKeys(field: Field, key: string, subject: Subject): (string | null)[] {
  const values = valuesOf(field, key, subject)
  if (values.length === 0) return [null]
  return [...new Set(wholeTexts(field, subject, values).map(groupKey))]
}

/** The value of a field: the first that is not empty, null when there is none. */
export function readKey(field: Field, key: string, subject: Subject): string | null {
  const texts = wholeTexts(field, subject, valuesOf(field, key, subject))
  return groupKey(texts.find((text) => text !== '') ?? texts[0] ?? null)
}

function valuesOf(field: Field, key: string, subject: Subject): Value[] {
  return readField(field, { field: field.name, key, value: '' } as Condition, subject, Date.now())
}

/** A value as the key of a group, whether a column or the event has it. */
export function groupKey(value: Value | null): string | null {
  return value === null ? null : shortened(String(value))
}

/** @note cut between code points: half a surrogate pair could not be asked for in a URL */
function shortened(text: string): string {
  if (text.length < MAX_KEY - 1) return text
  const points = Array.from(text.slice(0, 2 * MAX_KEY)).slice(0, MAX_KEY - 1)
  return points.length < MAX_KEY - 1 ? text : `${points.join('')}…`
}
