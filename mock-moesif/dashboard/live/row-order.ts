import type { EventSummary } from '#mock-moesif/client/index.ts'
import { findField } from '#mock-moesif/query/index.ts'
import { memberValue } from './member-values.ts'

/** What rows can be sorted by, besides their arrival. */
const keys = {
  time: (row: EventSummary) => row.time,
  verb: (row: EventSummary) => row.verb,
  path: (row: EventSummary) => row.uri?.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '') ?? null,
  status: (row: EventSummary) => row.status,
  duration: (row: EventSummary) => row.durationMs,
  user: (row: EventSummary) => row.userId,
  company: (row: EventSummary) => row.companyId,
  application: (row: EventSummary) => row.applicationId,
  size: (row: EventSummary) => row.size,
} satisfies Record<string, (row: EventSummary) => string | number | null>

/** A column, and a minus before it for what is greatest first. */
export type RowOrder = string

export function isRowOrder(text: string): boolean {
  const name = nameOf(text)
  return Object.hasOwn(keys, name) || findField(name) !== undefined
}

/** The field that rows do not carry and that they are sorted by, if it is one. */
export function memberOf(order: RowOrder | null): string | null {
  return order === null || Object.hasOwn(keys, nameOf(order)) ? null : nameOf(order)
}

function nameOf(order: RowOrder): string {
  return order.replace(/^-/, '')
}

function keyOf(name: string): (row: EventSummary) => string | number | null {
  if (Object.hasOwn(keys, name)) return keys[name as keyof typeof keys]
  return ({ id }) => {
    const text = memberValue(name, id) ?? null
    return text === null || text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text)
  }
}

const texts = new Intl.Collator('en', { numeric: true })

/** What is absent comes last either way; what is alike, by arrival, newest first. */
function comparator(order: RowOrder): (a: EventSummary, b: EventSummary) => number {
  const key = keyOf(nameOf(order))
  const direction = order.startsWith('-') ? -1 : 1
  return (a, b) => {
    const left = key(a)
    const right = key(b)
    if (left === right) return b.id - a.id
    if (left === null || right === null) return left === null ? 1 : -1
    const difference =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : texts.compare(String(left), String(right))
    return difference === 0 ? b.id - a.id : direction * difference
  }
}

/** Rows in an order, into which others are put where they belong. */
export class SortedRows {
  readonly order: RowOrder
  readonly #compare: (a: EventSummary, b: EventSummary) => number
  readonly #rows: EventSummary[]

  constructor(order: RowOrder, rows: EventSummary[]) {
    this.order = order
    this.#compare = comparator(order)
    this.#rows = rows.sort(this.#compare)
  }

  get size(): number {
    return this.#rows.length
  }

  at(index: number): EventSummary | undefined {
    return this.#rows[index]
  }

  add(row: EventSummary): void {
    this.#rows.splice(this.#place(row), 0, row)
  }

  remove(row: EventSummary): void {
    const index = this.indexOf(row)
    if (index >= 0) this.#rows.splice(index, 1)
  }

  indexOf(row: EventSummary): number {
    const index = this.#place(row)
    return this.#rows[index]?.id === row.id ? index : -1
  }

  /** Index of the first row that does not come before it. */
  #place(row: EventSummary): number {
    let low = 0
    let high = this.#rows.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#compare(this.#rows[middle]!, row) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
