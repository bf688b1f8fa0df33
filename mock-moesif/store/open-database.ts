import { DatabaseSync } from 'node:sqlite'
import { TABLES } from './tables.ts'

const SCHEMA_VERSION = 1

/** Opens the file, or memory, and lays the tables out. */
export function openDatabase(file: string | undefined): DatabaseSync {
  const database = open(file)
  const version = database.prepare('PRAGMA user_version').get()!['user_version'] as number
  if (version !== 0 && version !== SCHEMA_VERSION) {
    database.close()
    throw new Error(
      `${file} was written by another version of the mock (layout ${version}, this one writes ${SCHEMA_VERSION}). Move it away, or give another --db.`,
    )
  }
  // @note With a write-ahead log a commit survives a killed process without fsync: the log is in the page cache.
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA temp_store = MEMORY;
    ${TABLES}
    PRAGMA user_version = ${SCHEMA_VERSION};
  `)
  return database
}

function open(file: string | undefined): DatabaseSync {
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(file ?? ':memory:')
    // The first read shows whether the file is a database at all.
    database.prepare('PRAGMA schema_version').get()
    return database
  } catch (error) {
    if (database?.isOpen) database.close()
    throw new Error(
      `Can't open the database ${file}: ${(error as Error).message}. Does its folder exist, and is it a file of the mock?`,
      { cause: error },
    )
  }
}
