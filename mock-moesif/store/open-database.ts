import { DatabaseSync } from 'node:sqlite'
import { TABLES } from './tables.ts'

const SCHEMA_VERSION = 5

/** What each layout since the second adds to the one before. */
const CHANGES = [
  'ALTER TABLE batches ADD COLUMN wire BLOB',
  'ALTER TABLE requests ADD COLUMN body_kept TEXT; ALTER TABLE requests ADD COLUMN body BLOB',
  'ALTER TABLE requests ADD COLUMN answered TEXT; DROP INDEX IF EXISTS refused_bodies',
]

/** How long SQLite waits for a lock: the event loop stands still meanwhile. */
const BUSY_MS = 100

/** Opens the file, or memory, and creates the tables. The file is locked until it is closed. */
export function openDatabase(file: string | undefined): DatabaseSync {
  const database = open(file)
  const version = database.prepare('PRAGMA user_version').get()!['user_version'] as number
  if (version >= 2 && version < SCHEMA_VERSION)
    for (const change of CHANGES.slice(version - 2)) database.exec(change)
  else if (version !== 0 && version !== SCHEMA_VERSION) {
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
    database = new DatabaseSync(file ?? ':memory:', { timeout: BUSY_MS })
    // Two mocks on one file would take each other's ids. The first write shows whether it is free, and a database at all.
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT')
    return database
  } catch (error) {
    if (database?.isOpen) database.close()
    const { message } = error as Error
    const remedy = /locked|busy/.test(message)
      ? 'Does another mock use it? Stop that one, or give another --db.'
      : 'Does its folder exist, and is it a file of the mock?'
    throw new Error(`Can't open the database ${file}: ${message}. ${remedy}`, { cause: error })
  }
}
