/** Offsets are UTF-16 positions in the query text, `end` exclusive. */
export interface Range {
  start: number
  end: number
}

export type Comparison = '=' | '>' | '>=' | '<' | '<='

/** One `field:value`, or a bare word, which searches the whole event. */
export interface Condition extends Range {
  type: 'condition'
  /** Name as written, in lower case, without the key; `text` for a bare word. */
  field: string
  /** What follows the field's prefix: `x-id` of `header.x-id`, `plan.name` of `metadata.plan.name`. */
  key: string
  comparison: Comparison
  value: string
  /** Quoted values are literal: `*` is a star in them. */
  quoted: boolean
  /** Written `:=`: of a text, all of it, letter case included. */
  isExact: boolean
  /** A quoted value with `*` after it: the start of a text. */
  isStart: boolean
  valueRange: Range
}

interface Negation extends Range {
  type: 'not'
  child: Node
}

export interface Group extends Range {
  type: 'and' | 'or'
  children: Node[]
}

export type Node = Condition | Negation | Group

export interface QueryProblem extends Range {
  message: string
}
