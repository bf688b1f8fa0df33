/**
 * One row an event, batch and request. The bytes of a batch are kept once, in `batches.body`; an event knows its span in them.
 * Events have no index but their id: each would cost an insert as much again, and a scan of the default 100 000 takes some 10 ms.
 * `body` and `wire`, what was sent where that was compressed, are the last columns: SQLite reads the columns before them without
 * touching their pages. A request has a body only when it was refused and brought no batch, and `answered` (JSON) when it was refused.
 * `refused_transactions` are of batches of which no event was stored.
 */
export const TABLES = `
CREATE TABLE IF NOT EXISTS events (
  id INTEGER PRIMARY KEY,
  app TEXT NOT NULL,
  batch_id INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  time INTEGER,
  verb TEXT,
  uri TEXT,
  status INTEGER,
  duration_ms INTEGER,
  user_id TEXT,
  company_id TEXT,
  direction TEXT,
  weight INTEGER,
  blocked_by TEXT,
  route TEXT,
  transaction_id TEXT,
  size INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  duplicate_of INTEGER,
  body_offset INTEGER NOT NULL,
  findings TEXT
) STRICT;

CREATE TABLE IF NOT EXISTS batches (
  id INTEGER PRIMARY KEY,
  request_id INTEGER NOT NULL,
  app TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  event_count INTEGER NOT NULL,
  first_event_id INTEGER,
  last_event_id INTEGER,
  encoding TEXT NOT NULL,
  wire_bytes INTEGER NOT NULL,
  decoded_bytes INTEGER NOT NULL,
  answer INTEGER,
  fault TEXT,
  retry_of INTEGER,
  first_transaction_id TEXT,
  forwarded TEXT,
  body BLOB,
  wire BLOB
) STRICT;
CREATE INDEX IF NOT EXISTS batches_by_transaction ON batches (first_transaction_id, app) WHERE first_transaction_id IS NOT NULL;

CREATE TABLE IF NOT EXISTS requests (
  id INTEGER PRIMARY KEY,
  received_at INTEGER NOT NULL,
  app TEXT,
  method TEXT NOT NULL,
  path TEXT NOT NULL,
  headers TEXT NOT NULL,
  wire_bytes INTEGER NOT NULL,
  answer INTEGER,
  fault TEXT,
  duration_ms REAL NOT NULL,
  body_kept TEXT,
  body BLOB,
  answered TEXT
) STRICT;

CREATE INDEX IF NOT EXISTS refused_requests ON requests (id) WHERE body IS NOT NULL OR answered IS NOT NULL;
CREATE TABLE IF NOT EXISTS refused_transactions (
  app TEXT NOT NULL, transaction_id TEXT NOT NULL, batch_id INTEGER NOT NULL, PRIMARY KEY (app, transaction_id, batch_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS refused_transactions_by_batch ON refused_transactions (batch_id);

CREATE TABLE IF NOT EXISTS identity (id TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS member_types (app TEXT, path TEXT, type TEXT NOT NULL, PRIMARY KEY (app, path)) STRICT;
CREATE TABLE IF NOT EXISTS type_changes (
  app TEXT, path TEXT, was TEXT NOT NULL, found TEXT, events INTEGER NOT NULL,
  first_event_id INTEGER NOT NULL, first_at INTEGER NOT NULL, last_event_id INTEGER NOT NULL, last_at INTEGER NOT NULL,
  PRIMARY KEY (app, path, found)
) STRICT;
CREATE TABLE IF NOT EXISTS counts (app TEXT PRIMARY KEY, counts TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS documents (app TEXT, kind TEXT, body TEXT NOT NULL, PRIMARY KEY (app, kind)) STRICT;
CREATE TABLE IF NOT EXISTS entities (
  id INTEGER PRIMARY KEY, app TEXT NOT NULL, kind TEXT NOT NULL, key TEXT, received_at INTEGER NOT NULL, document TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS entities_by_key ON entities (app, kind, key) WHERE key IS NOT NULL;
`
