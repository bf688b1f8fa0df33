import {
  beginningOf,
  completeField,
  exampleOf,
  fields,
  findField,
  isGroupable,
  type Field,
} from '#mock-moesif/query/index.ts'
import { ask } from '../wire/mock.ts'
import { queryProblems } from '../live/query-problems.ts'
import { term } from './terms.ts'

export interface Suggestion {
  /** The label in the list. */
  label: string
  hint: string
  /** The whole text once it is taken, and where the caret goes. */
  text: string
  caret: number
}

const most = 9
/** Values that are looked through for those that begin as typed. */
const considered = 1000

/** What could stand where the caret is: fields, or past queries for an empty box. Values are asked for by `suggestValues`. */
export function suggest(text: string, caret: number, history: readonly string[]): Suggestion[] {
  if (text.trim() === '') {
    const past = history.map((query) => whole(query, 'used before'))
    return [
      ...past.slice(0, 5),
      ...fields.slice(0, most).map((field) => fieldSuggestion(field, '', '')),
    ]
  }
  const { before, word, after } = wordAt(text, caret)
  if (word === '' || word.includes(':')) return []
  return completeField(word)
    .filter((field) => `${field.name}:` !== word)
    .slice(0, most)
    .map((field) => fieldSuggestion(field, before, after))
}

/** The values of the field at the caret, how often each is among the events that the rest of the query finds. */
export async function suggestValues(
  text: string,
  caret: number,
  signal: AbortSignal,
): Promise<Suggestion[]> {
  const { before, word, after } = wordAt(text, caret)
  const colon = word.indexOf(':')
  const name = word.slice(0, colon)
  const field = colon > 0 ? findField(name)?.field : undefined
  if (!field || !isGroupable(field)) return []
  const typed = word.slice(colon + 1).replace(/^"/, '')
  if (field.kind === 'flag')
    return typed === '' ? [valueSuggestion(name, 'true', 0, before, after)] : []
  const rest = `${before.replace(/[-!(]+$/, '')} ${after.replace(/^\)+/, '')}`.trim()
  const { groups } = await ask('GET /_mock/events/aggregate', {
    query: {
      by: name,
      limit: typed === '' ? most : considered,
      // An incomplete term elsewhere does not prevent suggestions.
      ...(queryProblems(rest).length === 0 && { filter: rest }),
      timeout: 3000,
    },
    signal,
  })
  const wanted = typed.toLowerCase()
  return groups
    .flatMap(({ key, count }) => (key === null ? [] : { key, count }))
    .filter(({ key }) => key.toLowerCase().startsWith(wanted) && key !== typed)
    .slice(0, most)
    .map(({ key, count }) => valueSuggestion(name, key, count, before, after))
}

function wordAt(text: string, caret: number): { before: string; word: string; after: string } {
  const start = wordStart(text, caret)
  return { before: text.slice(0, start), word: text.slice(start, caret), after: text.slice(caret) }
}

function valueSuggestion(
  name: string,
  value: string,
  count: number,
  before: string,
  after: string,
): Suggestion {
  const written = `${before}${term(name, value)} `
  return {
    label: value,
    hint: count ? `${count}×` : '',
    text: written + after.trimStart(),
    caret: written.length,
  }
}

function whole(text: string, hint: string): Suggestion {
  return { label: text, hint, text, caret: text.length }
}

function fieldSuggestion(field: Field, before: string, after: string): Suggestion {
  const text = before + beginningOf(field)
  return {
    label: field.name,
    hint: `${field.hint} · ${exampleOf(field)}`,
    text: text + after,
    caret: text.length,
  }
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
