/** SQLite could not read or write: the disk is full, the file is locked or damaged. */
export class StorageError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(`The mock can't use its database: ${reason}`, options)
    this.name = 'StorageError'
  }
}

/** The same error, or a StorageError when SQLite raised it. */
export function asStorageError(error: unknown): unknown {
  const { code, message } = error as { code?: unknown; message?: string }
  return code === 'ERR_SQLITE_ERROR' ? new StorageError(String(message), { cause: error }) : error
}
