import type { Condition } from './ast.ts'
import { bodyText, fromBase64 } from '../model/body-text.ts'
import type { Field } from './fields.ts'
import { groupKey } from './group-key.ts'
import { jsonText, searchableTexts } from './json-text.ts'
import { namesIn } from './member-path.ts'
import { presence, readRow, type Value } from './read-row.ts'
import type { Subject } from './subject.ts'
import { fold } from './text-match.ts'

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
    case 'has':
    case 'missing':
      return presence(condition, (wanted, inner) => readField(wanted, inner, subject, now))
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
      return event === undefined ? [] : [...searchableTexts(event), ...decodedBodies(event)]
    default:
      return readRow(field, condition, subject, now)
  }
}

function bodyOf(event: unknown, side: string): Value[] {
  const body = member(member(event, side), 'body')
  if (body === undefined || body === null) return []
  const decoded = decodedBody(event, side)
  return decoded === null ? searchableTexts(body) : [decoded]
}

/** The text of a base64 body; null of any other, and when its bytes are no text. */
function decodedBody(event: unknown, side: string): string | null {
  const message = member(event, side)
  const body = member(message, 'body')
  if (typeof body !== 'string' || member(message, 'transfer_encoding') !== 'base64') return null
  const [header = ''] = headerOf(event, side, 'content-type')
  const bytes = fromBase64(body)
  return bytes && bodyText(bytes, String(header)).text
}

function decodedBodies(event: unknown): string[] {
  return ['request', 'response'].flatMap((side) => decodedBody(event, side) ?? [])
}

function headerOf(event: unknown, side: string, written: string): Value[] {
  const headers = member(member(event, side), 'headers')
  if (typeof headers !== 'object' || headers === null) return []
  const wanted = fold(namesIn(written).join('.'))
  return Object.entries(headers)
    .filter(([key]) => fold(key) === wanted)
    .flatMap(([, value]) => (Array.isArray(value) ? value.flatMap(scalar) : scalar(value)))
}

function atPath(value: unknown, path: string): unknown {
  return memberAt(value, namesIn(path))
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
