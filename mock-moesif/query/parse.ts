import type { Condition, Group, Node, QueryProblem } from './ast.ts'
import { completeField, findField } from './fields.ts'
import { tokenize, type Token } from './tokenize.ts'
import { valueProblem } from './values.ts'

export interface ParsedQuery {
  text: string
  /** An empty query is an `and` without children: it matches everything. */
  root: Group
  problems: QueryProblem[]
}

/** Each of them is evaluated for each row: a longer query would delay others. */
const MAX_CONDITIONS = 1000
/** Brackets nest no deeper: a query comes from outside and the evaluation is recursive. */
const MAX_DEPTH = 50

/**
 * Parses a query: terms are joined by AND, `OR` binds weaker, `-` or `!` negates, brackets group.
 * Never throws: invalid terms are listed in `problems`, with their place, and left out of `root`.
 *
 * @example parseQuery('status:>=500 -path:/health (user:u1 OR user:u2)')
 */
export function parseQuery(text: string): ParsedQuery {
  const { tokens, problems } = tokenize(text)
  const parser = new Parser(tokens, problems, text.length)
  const root = parser.parse()
  return { text, root, problems: problems.sort((a, b) => a.start - b.start) }
}

class Parser {
  readonly #tokens: Token[]
  readonly #problems: QueryProblem[]
  readonly #length: number
  #at = 0
  #conditions = 0

  constructor(tokens: Token[], problems: QueryProblem[], length: number) {
    this.#tokens = tokens
    this.#problems = problems
    this.#length = length
  }

  parse(): Group {
    const parts = [this.#alternatives(0)]
    for (;;) {
      const token = this.#tokens[this.#at]
      if (!token) break
      this.#problem(token, 'this ) closes nothing')
      this.#at++
      parts.push(this.#alternatives(0))
    }
    const [only] = parts
    return parts.length === 1 && only ? only : group('and', parts, 0, this.#length)
  }

  #alternatives(depth: number): Group {
    const start = this.#tokens[this.#at]?.start ?? this.#length
    const options: Group[] = [this.#conjunction(depth)]
    for (;;) {
      const token = this.#tokens[this.#at]
      if (token?.type !== 'or') break
      this.#at++
      const right = this.#conjunction(depth)
      const incomplete = options.at(-1)!.children.length === 0 || right.children.length === 0
      if (incomplete && this.#conditions <= MAX_CONDITIONS)
        this.#problem(token, 'OR needs a condition on both sides')
      options.push(right)
    }
    const filled = options.filter((option) => option.children.length > 0)
    if (filled.length === 0) return group('and', [], start, start)
    return filled.length === 1 ? filled[0]! : group('or', filled, start, filled.at(-1)!.end)
  }

  #conjunction(depth: number): Group {
    const start = this.#tokens[this.#at]?.start ?? this.#length
    const children: Node[] = []
    for (;;) {
      const token = this.#tokens[this.#at]
      if (!token || token.type === 'or' || token.type === 'close') break
      if (token.type === 'and') {
        this.#and(token)
        continue
      }
      const node = this.#operand(depth)
      if (node) children.push(node)
    }
    return group('and', children, start, children.at(-1)?.end ?? start)
  }

  /** AND joins what would be joined without it, too: only its place is checked. */
  #and(token: Token): void {
    const before = this.#tokens[this.#at - 1]?.type
    const after = this.#tokens[++this.#at]?.type
    if (
      (before !== 'term' && before !== 'close') ||
      (after !== 'term' && after !== 'open' && after !== 'not')
    )
      this.#problem(token, 'AND needs a condition on both sides')
  }

  #operand(depth: number): Node | undefined {
    const token = this.#tokens[this.#at++]
    if (!token) return undefined
    if (token.type === 'term') return this.#condition(token)
    if (depth >= MAX_DEPTH) {
      if (depth === MAX_DEPTH) this.#problem(token, `nested deeper than ${MAX_DEPTH}`)
      this.#at = this.#tokens.length
      return undefined
    }
    if (token.type === 'not') {
      const next = this.#tokens[this.#at]
      if (!next || next.type === 'and' || next.type === 'or' || next.type === 'close') {
        this.#problem(token, 'there is nothing to negate here')
        return undefined
      }
      const child = this.#operand(depth + 1)
      return child && { type: 'not', child, start: token.start, end: child.end }
    }
    const inner = this.#alternatives(depth + 1)
    const close = this.#tokens[this.#at]
    if (close?.type === 'close') this.#at++
    else this.#problem(token, 'the closing ) is missing')
    if (inner.children.length === 0) {
      this.#problem(token, 'the brackets are empty')
      return undefined
    }
    return { ...inner, start: token.start, end: close?.end ?? inner.end }
  }

  #condition(token: Extract<Token, { type: 'term' }>): Condition | undefined {
    const { start, end, quoted, isStart, valueRange } = token
    if (++this.#conditions > MAX_CONDITIONS) {
      this.#problem(token, `a query has ${MAX_CONDITIONS} conditions at most`)
      this.#at = this.#tokens.length
      return undefined
    }
    if (token.name === '')
      return {
        type: 'condition',
        field: 'text',
        key: '',
        comparison: '=',
        value: token.value,
        quoted,
        isExact: false,
        isStart,
        valueRange,
        start,
        end,
      }

    const found = findField(token.name)
    if (!found) {
      this.#problem(
        { start, end: start + token.name.length },
        findField(`${token.name}x`)?.field.prefix
          ? `a name is missing after ${token.name}`
          : `there is no field "${token.name}"${advice(token.name)}`,
      )
      return undefined
    }
    const condition: Condition = {
      type: 'condition',
      field: found.field.name,
      key: found.key,
      comparison: token.comparison || '=',
      value: token.value,
      quoted,
      isExact: token.comparison === '=',
      isStart,
      valueRange,
      start,
      end,
    }
    const problem = valueProblem(found.field, condition)
    if (!problem) return condition
    this.#problem(valueRange.end > valueRange.start ? valueRange : { start, end }, problem)
    return undefined
  }

  #problem(range: { start: number; end: number }, message: string): void {
    this.#problems.push({ start: range.start, end: range.end, message })
  }
}

function advice(name: string): string {
  const near = completeField(name.slice(0, 2)).map(
    (field) => field.name + (field.prefix ? '…' : ''),
  )
  return near.length > 0 ? `: did you mean ${near.slice(0, 4).join(', ')}?` : ''
}

function group(type: 'and' | 'or', children: Node[], start: number, end: number): Group {
  return { type, children, start, end }
}
