import type { Condition } from './ast.ts'
import { findField, type Field } from './fields.ts'
import type { EventSummary } from '../model/event.ts'
import { readRow, type Value } from './read-row.ts'
import { fold } from './text-match.ts'

/** Fields whose values are kept: each may be as long as the event. */
const MAX_KEPT = 4

interface Kept {
  values: Value[]
  folded?: string[]
  whole?: string[]
}

/**
 * A row, as a query reads it: equal conditions are evaluated once, and a long text is made once.
 * @note the dashboard evaluates rows only: what reads events is in `EventReading`, which it does not load
 */
export class Reading {
  protected readonly row: EventSummary
  protected readonly now: number
  readonly #kept = new Map<string, Kept>()
  readonly #answers = new Map<string, boolean>()

  constructor(row: EventSummary, now: number) {
    this.row = row
    this.now = now
  }

  values(condition: Condition): Value[] {
    return this.#of(condition).values
  }

  /** The values as texts, letter case apart. */
  folded(condition: Condition): string[] {
    const kept = this.#of(condition)
    return (kept.folded ??= kept.values.map((value) => fold(String(value))))
  }

  /** The texts that `:=` compares. */
  whole(condition: Condition): string[] {
    const kept = this.#of(condition)
    return (kept.whole ??= this.wholeTexts(fieldOf(condition), kept.values))
  }

  /** The result of `ask`, which is called once for all equal conditions. */
  once(condition: Condition, ask: () => boolean): boolean {
    if (fieldOf(condition).deep !== true) return ask()
    const { field, key, quoted, isExact, isStart, value } = condition
    const written = `${field}\0${key}\0${quoted}${isExact}${isStart}\0${value}`
    let answer = this.#answers.get(written)
    if (answer === undefined) this.#answers.set(written, (answer = ask()))
    return answer
  }

  #of(condition: Condition): Kept {
    const field = fieldOf(condition)
    if (field.deep !== true) return { values: this.read(field, condition) }
    const name = `${field.name}\0${field.kind === 'has' ? condition.value : condition.key}`
    let kept = this.#kept.get(name)
    if (!kept) {
      kept = { values: this.read(field, condition) }
      if (this.#kept.size >= MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value!)
      this.#kept.set(name, kept)
    }
    return kept
  }

  protected read(field: Field, condition: Condition): Value[] {
    return readRow(field, condition, this.row, this.now)
  }

  protected wholeTexts(_field: Field, values: Value[]): string[] {
    return values.map((value) => String(value).toWellFormed())
  }
}

export function fieldOf(condition: Condition): Field {
  return findField(condition.field + condition.key)!.field
}
