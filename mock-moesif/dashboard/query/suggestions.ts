import { completeField, fields, findField, type Field } from '#mock-moesif/query/index.ts'
import type { EventSummary } from '#mock-moesif/client/index.ts'
import { session } from '../live/session.ts'
import { term } from './terms.ts'

export interface Suggestion {
  /** What stands in the list. */
  label: string
  hint: string
  /** The whole text once it is taken, and where the caret goes. */
  text: string
  caret: number
}

const most = 9

/** What could stand where the caret is: fields, or values of the field that were seen; past queries for an empty box. */
export function suggest(text: string, caret: number, history: readonly string[]): Suggestion[] {
  if (text.trim() === '') {
    const past = history.map((query) => whole(query, 'used before'))
    return [
      ...past.slice(0, 5),
      ...fields.slice(0, most).map((field) => fieldSuggestion(field, '', '')),
    ]
  }
  const start = wordStart(text, caret)
  const before = text.slice(0, start)
  const word = text.slice(start, caret)
  const after = text.slice(caret)
  const colon = word.indexOf(':')
  if (colon >= 0)
    return valueSuggestions(word.slice(0, colon), word.slice(colon + 1), before, after)
  if (word === '') return []
  return completeField(word)
    .filter((field) => `${field.name}:` !== word)
    .slice(0, most)
    .map((field) => fieldSuggestion(field, before, after))
}

function whole(text: string, hint: string): Suggestion {
  return { label: text, hint, text, caret: text.length }
}

function fieldSuggestion(field: Field, before: string, after: string): Suggestion {
  const text = `${before}${field.name}${field.prefix ? '' : ':'}`
  return {
    label: field.name,
    hint: `${field.hint} · ${field.example}`,
    text: text + after,
    caret: text.length,
  }
}

function valueSuggestions(
  name: string,
  typed: string,
  before: string,
  after: string,
): Suggestion[] {
  const field = findField(name)?.field
  if (!field) return []
  const wanted = typed.replace(/^"/, '').toLowerCase()
  const fixed = field.kind === 'flag' ? new Map([['true', 0]]) : seenValues(field.name)
  return [...fixed]
    .filter(([value]) => value.toLowerCase().startsWith(wanted) && value !== typed)
    .sort((a, b) => b[1] - a[1])
    .slice(0, most)
    .map(([value, count]) => {
      const written = `${before}${term(name, value)} `
      return {
        label: value,
        hint: count ? `${count}×` : '',
        text: written + after.trimStart(),
        caret: written.length,
      }
    })
}

const readers: Record<string, (row: EventSummary) => string | null> = {
  verb: (row) => row.verb,
  status: (row) => (row.status === null ? null : String(row.status)),
  user: (row) => row.userId,
  company: (row) => row.companyId,
  app: (row) => row.applicationId,
  direction: (row) => row.direction,
  path: (row) =>
    row.uri === null
      ? null
      : row.uri.replace(/^[a-z]+:\/\/[^/?#]*/i, '').replace(/[?#].*/s, '') || '/',
  host: (row) => /^[a-z]+:\/\/([^/?#:]*)/i.exec(row.uri ?? '')?.[1] ?? null,
  batch: (row) => String(row.batchId),
}

function seenValues(field: string): Map<string, number> {
  const values = new Map<string, number>()
  const reader = readers[field]
  if (!reader) return values
  const seen = session.seen.ring
  for (let index = 0; index < seen.size; index++) {
    const row = seen.at(index)
    const value = row && reader(row)
    if (value) values.set(value, (values.get(value) ?? 0) + 1)
  }
  return values
}

function wordStart(text: string, caret: number): number {
  let quoted = false
  let start = 0
  for (let index = 0; index < caret; index++) {
    const letter = text[index]
    if (letter === '"') quoted = !quoted
    else if (!quoted && /[\s()]/.test(letter ?? '')) start = index + 1
  }
  return /^[-!]/.test(text.slice(start, caret)) ? start + 1 : start
}
