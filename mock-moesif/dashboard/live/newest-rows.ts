import { signal } from '@preact/signals'

const held = 2000

/** The newest rows of a kind, newest first, as the stream sends them. */
export class NewestRows<Row extends { id: number }> {
  readonly list = signal<readonly Row[]>([])

  /** Replaces all: at the start, and where rows may have been missed. */
  replace(rows: readonly Row[]): void {
    this.list.value = rows
  }

  /** Rows as they are streamed: new ones, and those of which more is known now. */
  take(streamed: readonly Row[]): void {
    const known = this.list.peek()
    const oldest = known.at(-1)?.id ?? 0
    const rows = new Map(known.map((row) => [row.id, row]))
    // What is older than all that is known would stand behind a gap.
    for (const row of streamed) if (row.id >= oldest) rows.set(row.id, row)
    this.list.value = [...rows.values()].sort((a, b) => b.id - a.id).slice(0, held)
  }
}
