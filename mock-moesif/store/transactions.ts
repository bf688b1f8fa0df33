import type { DatabaseSync } from 'node:sqlite'
import type { Undoable } from './in-transaction.ts'

/**
 * Which event came first with a transaction_id: in memory, by application.
 * @note As an index of the table it cost more than all the rest of an insert: the ids are random, so each touches another page.
 */
export class Transactions implements Undoable {
  readonly #firstId = new Map<string, number>()
  /** Keys changed by the current transaction, with their former values. */
  readonly #before: [key: string, id: number | undefined][] = []

  constructor(database: DatabaseSync) {
    const rows = database
      .prepare(
        'SELECT id, app, transaction_id FROM events WHERE transaction_id IS NOT NULL AND duplicate_of IS NULL',
      )
      .all()
    for (const row of rows)
      this.#firstId.set(
        keyOf(row['app'] as string, row['transaction_id'] as string),
        row['id'] as number,
      )
  }

  /** The event that came before with this transaction_id, or null, and then this one is the first. */
  seen(app: string, transactionId: string, id: number): number | null {
    const key = keyOf(app, transactionId)
    const first = this.#firstId.get(key)
    if (first !== undefined) return first
    this.#before.push([key, undefined])
    this.#firstId.set(key, id)
    return null
  }

  /** The event that came first with this transaction_id. */
  firstOf(app: string, transactionId: string): number | undefined {
    return this.#firstId.get(keyOf(app, transactionId))
  }

  /** The event was removed: the next one with its transaction_id counts as the first. */
  forget(app: string, transactionId: string, id: number): void {
    const key = keyOf(app, transactionId)
    if (this.#firstId.get(key) !== id) return
    this.#before.push([key, id])
    this.#firstId.delete(key)
  }

  keep(): void {
    this.#before.length = 0
  }

  undo(): void {
    for (const [key, id] of this.#before.toReversed())
      if (id === undefined) this.#firstId.delete(key)
      else this.#firstId.set(key, id)
    this.#before.length = 0
  }

  clear(app: string | null): void {
    if (app === null) return this.#firstId.clear()
    const prefix = keyOf(app, '')
    for (const key of this.#firstId.keys()) if (key.startsWith(prefix)) this.#firstId.delete(key)
  }
}

/** A header value has no line break, so neither has an application id. */
function keyOf(app: string, transactionId: string): string {
  return `${app}\n${transactionId}`
}
