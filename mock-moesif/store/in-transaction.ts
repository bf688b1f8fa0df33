import type { DatabaseSync } from 'node:sqlite'
import { asStorageError } from './storage-error.ts'

/** State in memory beside the database: changed within a transaction, it is committed or rolled back with it. */
export interface Undoable {
  keep(): void
  undo(): void
}

/**
 * Runs `change` in a transaction.
 * @throws StorageError when SQLite fails; then nothing has changed, neither in the file nor in memory
 */
export function inTransaction<Result>(
  database: DatabaseSync,
  memory: readonly Undoable[],
  change: () => Result,
): Result {
  let result: Result
  try {
    database.exec('BEGIN IMMEDIATE')
    result = change()
    database.exec('COMMIT')
  } catch (error) {
    // A full disk ends the transaction by itself.
    if (database.isOpen && database.isTransaction) database.exec('ROLLBACK')
    for (const part of memory) part.undo()
    throw asStorageError(error)
  }
  for (const part of memory) part.keep()
  return result
}
