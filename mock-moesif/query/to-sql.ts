import { hostOf, pathOf } from '../model/route.ts'
import { MAX_ROW_TEXT } from '../model/row-text.ts'
import type { Condition, Node } from './ast.ts'
import { findField, type Field } from './fields.ts'
import { isAscii } from './text-match.ts'
import { numberRange } from './values.ts'

export interface SqlFilter {
  where: string
  params: (string | number)[]
  /** False when each row must still be evaluated: the SQL may select too many rows, never too few. */
  exact: boolean
}

const TEXT_COLUMNS: Record<string, string> = {
  verb: 'verb',
  uri: 'uri',
  user: 'user_id',
  company: 'company_id',
  app: 'app',
  direction: 'direction',
  route: 'route',
  blocked_by: 'blocked_by',
  verdict: 'verdict',
  transaction: 'transaction_id',
}
const NUMBER_COLUMNS: Record<string, string> = {
  status: 'status',
  duration: 'duration_ms',
  time: 'time',
  size: 'size',
  batch: 'batch_id',
  id: 'id',
  weight: 'coalesce(weight, 1)',
}

/** Fields that are derived from a column. */
const DERIVED: Record<string, Column> = {
  path: { sql: 'uri', read: ofUri(pathOf) },
  host: { sql: 'uri', read: ofUri(hostOf) },
}

type ColumnValue = string | number | null

export interface Column {
  sql: string
  /** Makes the field's value of the column's. */
  read?: (value: ColumnValue) => ColumnValue
}

function ofUri(read: (uri: string) => string | null): NonNullable<Column['read']> {
  return (uri) => (uri === null ? null : read(String(uri)))
}

/** The column that holds a field, or that it is derived from; undefined when there is none. */
export function columnOf({ name }: Field): Column | undefined {
  const sql = TEXT_COLUMNS[name] ?? NUMBER_COLUMNS[name]
  return sql === undefined ? DERIVED[name] : { sql }
}

/** Translates the part of a query that columns of the events table can answer. */
export function toSql(node: Node, now: number): SqlFilter {
  switch (node.type) {
    case 'and':
    case 'or': {
      const parts = node.children.map((child) => toSql(child, now))
      if (parts.length === 0) return everything(true)
      return {
        where: joined(
          parts.map((part) => part.where),
          node.type === 'and' ? ' AND ' : ' OR ',
        ),
        params: parts.flatMap((part) => part.params),
        exact: parts.every((part) => part.exact),
      }
    }
    case 'not': {
      const child = toSql(node.child, now)
      // The negation of a filter that selects too many rows would select too few.
      if (!child.exact) return everything(false)
      return { where: `NOT ${child.where}`, params: child.params, exact: true }
    }
    case 'condition':
      return condition(node, findField(node.field + node.key)!.field, now)
  }
}

/** @note SQLite takes no expression deeper than 1000: a long chain is one, a tree of pairs is not. */
function joined(parts: readonly string[], operator: string): string {
  if (parts.length === 1) return parts[0]!
  const middle = parts.length >> 1
  const left = joined(parts.slice(0, middle), operator)
  return `(${left}${operator}${joined(parts.slice(middle), operator)})`
}

function condition(node: Condition, field: Field, now: number): SqlFilter {
  if (field.kind === 'has') return presence(node, findField(node.value)!.field)
  const text = TEXT_COLUMNS[field.name]
  if (text) return textCondition(node, text)
  if (field.kind === 'flag') {
    const wanted = node.value.toLowerCase() === 'true'
    if (field.name === 'duplicate')
      return exactly(`(duplicate_of IS ${wanted ? 'NOT ' : ''}NULL)`, [])
    return exactly(`(verdict ${wanted ? '=' : '<>'} ?)`, [field.name])
  }
  const range = numberRange(field, node)
  if (field.kind === 'age' && range) return between('received_at', now - range.to, now - range.from)
  const column = NUMBER_COLUMNS[field.name]
  return column && range ? between(column, range.from, range.to) : everything(false)
}

/** `has:` and `missing:`. */
function presence(node: Condition, wanted: Field): SqlFilter {
  const isWanted = node.field === 'has'
  const text = TEXT_COLUMNS[wanted.name]
  if (text) return exactly(isWanted ? `(coalesce(${text}, '') <> '')` : `(${text} IS NULL)`, [])
  if (wanted.kind === 'flag')
    return isWanted ? condition({ ...node, value: 'true' }, wanted, 0) : exactly('(1 = 0)', [])
  const number = NUMBER_COLUMNS[wanted.name]
  return number ? exactly(`(${number} IS ${isWanted ? 'NOT ' : ''}NULL)`, []) : everything(false)
}

/** NOCASE and `fold` agree, GLOB is case-sensitive and LIKE has its own signs: only whole values are asked here. */
function textCondition(node: Condition, column: string): SqlFilter {
  if (node.isStart) return everything(false)
  if (node.value === '') return exactly(`(${column} IS NOT NULL AND ${column} = '')`, [])
  if (node.isExact) return exactly(`(coalesce(${column}, '') = ?)`, [node.value])
  if (!node.quoted && node.value === '*') return exactly(`(coalesce(${column}, '') <> '')`, [])
  if (!node.quoted && node.value.includes('*')) return everything(false)
  // A row keeps the start of a long text only, and NOCASE knows ASCII only.
  if (node.value.length >= MAX_ROW_TEXT || !isAscii(node.value)) return everything(false)
  return exactly(`(coalesce(${column}, '') = ? COLLATE NOCASE)`, [node.value])
}

/** `coalesce` keeps NULL out: NOT of an unknown would be unknown. */
function between(column: string, from: number, to: number): SqlFilter {
  const params: number[] = []
  const parts = [`${column} IS NOT NULL`]
  if (from !== -Infinity) {
    parts.push(`${column} >= ?`)
    params.push(from)
  }
  if (to !== Infinity) {
    parts.push(`${column} <= ?`)
    params.push(to)
  }
  return exactly(`(${parts.join(' AND ')})`, params)
}

function exactly(where: string, params: (string | number)[]): SqlFilter {
  return { where, params, exact: true }
}

function everything(exact: boolean): SqlFilter {
  return { where: '(1 = 1)', params: [], exact }
}
