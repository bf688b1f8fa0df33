import type { Comparison, QueryProblem, Range } from './ast.ts'
import { findField } from './fields.ts'

export type Token = Range &
  (
    | { type: 'open' | 'close' | 'not' | 'and' | 'or' }
    /** `value` is unescaped; `name` is empty for a bare word. */
    | {
        type: 'term'
        name: string
        /** What stands between the colon and the value: `>=` of `status:>=500`. */
        comparison: Comparison | ''
        value: string
        quoted: boolean
        /** Whether `*` follows the closing quote. */
        isStart: boolean
        valueRange: Range
      }
  )

const SPACE = /\s/
/** Operators of other query languages, and what they are here. */
const OPERATORS = new Map([
  ['and', 'AND is written in capitals, or left out; the word itself in quotes: "and"'],
  ['or', 'OR is written in capitals; the word itself in quotes: "or"'],
  ['not', 'NOT is written in capitals, or as -; the word itself in quotes: "not"'],
  ['&&', 'terms are joined by AND, or by nothing'],
  ['&', 'terms are joined by AND, or by nothing'],
  ['||', 'alternatives are joined by OR'],
  ['|', 'alternatives are joined by OR'],
])

/** Cuts a query into tokens. Never throws: an unclosed quote is a problem and ends at the end of the text. */
export function tokenize(text: string): { tokens: Token[]; problems: QueryProblem[] } {
  const tokens: Token[] = []
  const problems: QueryProblem[] = []
  let at = 0

  const readQuoted = (): string => {
    const start = at++
    let value = ''
    while (at < text.length && text[at] !== '"') {
      if (text[at] === '\\' && at + 1 < text.length) at++
      value += text[at++]
    }
    if (at >= text.length) problems.push({ start, end: at, message: 'the closing " is missing' })
    else at++
    return value
  }

  const quotedName = (): string => {
    const start = at
    readQuoted()
    return text.slice(start, at)
  }

  const readStar = (): boolean => {
    if (text[at] !== '*') return false
    at++
    return true
  }

  /** A name as written: it may have quoted parts where any name may stand: `metadata."a b".c`. */
  const readWord = (): string => {
    let word = ''
    for (; at < text.length && !SPACE.test(text[at]!) && !'():'.includes(text[at]!);) {
      if (text[at] !== '"') word += text[at++]
      else if (word.endsWith('.') && findField(`${word}x`)) word += quotedName()
      else break
    }
    return word
  }

  while (at < text.length) {
    const start = at
    const char = text[at]!
    if (SPACE.test(char)) {
      at++
    } else if (char === '(' || char === ')') {
      tokens.push({ type: char === '(' ? 'open' : 'close', start, end: ++at })
    } else if ((char === '-' || char === '!') && !SPACE.test(text[at + 1] ?? '')) {
      tokens.push({ type: 'not', start, end: ++at })
    } else if (char === '"') {
      const value = readQuoted()
      const isStart = readStar()
      const range = { start, end: at }
      tokens.push({
        type: 'term',
        name: '',
        comparison: '',
        value,
        quoted: true,
        isStart,
        valueRange: range,
        ...range,
      })
    } else {
      const word = readWord()
      if (text[at] === ':' && word !== '') tokens.push(readTerm(start, word))
      else if (word === '') tokens.push({ ...bare(text.slice(start, ++at), start), end: at })
      else if (word === 'OR') tokens.push({ type: 'or', start, end: at })
      else if (word === 'NOT') tokens.push({ type: 'not', start, end: at })
      else if (word === 'AND') tokens.push({ type: 'and', start, end: at })
      else {
        const operator = OPERATORS.get(word.toLowerCase())
        if (operator) problems.push({ start, end: at, message: operator })
        else tokens.push({ ...bare(word, start), end: at })
      }
    }
  }
  return { tokens, problems }

  function readTerm(start: number, name: string): Token {
    const valueStart = ++at
    const comparison = (/^(?:>=|<=|>|<|=)/.exec(text.slice(at, at + 2))?.[0] ?? '') as
      Comparison | ''
    at += comparison.length
    const quoted = text[at] === '"'
    let value = ''
    let isStart = false
    if (quoted) {
      value += readQuoted()
      isStart = readStar()
    } else {
      // A value may hold colons (times, URIs); brackets end it only where they are not its own.
      let depth = 0
      const isName = findField(name)?.field.kind === 'has'
      while (at < text.length && !SPACE.test(text[at]!)) {
        if (text[at] === '(') depth++
        if (text[at] === ')' && --depth < 0) break
        value += isName && text[at] === '"' && value.endsWith('.') ? quotedName() : text[at++]
      }
      if (depth > 0)
        problems.push({
          start: at - value.length,
          end: at,
          message: `a closing ) is missing; a value with a bracket is quoted: ${name}:"${value}"`,
        })
    }
    const valueRange = { start: valueStart, end: at }
    return { type: 'term', name, comparison, value, quoted, isStart, valueRange, start, end: at }
  }
}

function bare(value: string, start: number): Token {
  const range = { start, end: start + value.length }
  return {
    type: 'term',
    name: '',
    comparison: '',
    value,
    quoted: false,
    isStart: false,
    valueRange: range,
    ...range,
  }
}
