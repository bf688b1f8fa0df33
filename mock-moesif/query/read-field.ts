import type { Condition } from './ast.ts'
import { findField, type Field } from './fields.ts'
import type { Subject } from './subject.ts'
import { fold } from './text-match.ts'

type Value = string | number | boolean

/** The values a field has in an event: none when absent, several for headers that both sides have. */
export function readField(
  field: Field,
  condition: Condition,
  subject: Subject,
  now: number,
): Value[] {
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
    case 'company':
      return present(subject.companyId)
    case 'app':
      return [subject.applicationId]
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
    case 'has': {
      const wanted = findField(condition.value)!
      const inner = { ...condition, field: wanted.field.name, key: wanted.key }
      const values = readField(wanted.field, inner, subject, now)
      return [values.some((value) => value !== '' && value !== false)]
    }
    default:
      return readEvent(field.name, condition.key, subject.event)
  }
}

function readEvent(name: string, key: string, event: unknown): Value[] {
  switch (name) {
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
    default:
      return event === undefined ? [] : [JSON.stringify(event)]
  }
}

/** Path of a URI, or of a bare path, without query and fragment. */
function pathOf(uri: string): string {
  const rest = uri.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/s, '')
  return rest === '' ? '/' : rest
}

function hostOf(uri: string): string | null {
  return /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/?#]*@)?([^/?#]*)/i.exec(uri)?.[1] ?? null
}

function bodyOf(event: unknown, side: string): Value[] {
  const body = member(member(event, side), 'body')
  if (body === undefined || body === null) return []
  return [typeof body === 'string' ? body : JSON.stringify(body)]
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
  let current = value
  for (const name of path.split('.')) current = member(current, name)
  return current
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
}

function scalar(value: unknown): Value[] {
  if (value === undefined || value === null) return []
  if (typeof value === 'object') return [JSON.stringify(value)]
  return [value as Value]
}

function present(value: Value | null): Value[] {
  return value === null ? [] : [value]
}
