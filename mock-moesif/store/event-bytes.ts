import type { DatabaseSync, StatementSync } from 'node:sqlite'

type Row = Record<string, unknown>

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const SPACE = 0x20

/** Reads the JSON of events as it was received: a span of the body of their batch. */
export class EventBytes {
  readonly #span: StatementSync

  constructor(database: DatabaseSync) {
    this.#span = database.prepare('SELECT substr(body, ?, ?) AS json FROM batches WHERE id = ?')
  }

  /** Undefined when the event was dropped after its row was read: a slow reader of a long export sees that. */
  of(row: Row): Uint8Array | undefined {
    const found = this.#span.get(
      (row['body_offset'] as number) + 1,
      row['size'] as number,
      row['batch_id'] as number,
    )
    return found?.['json'] as Uint8Array | undefined
  }
}

/** The JSON on one line: line breaks stand between tokens only, where a space means the same. */
export function onOneLine(json: Uint8Array): string {
  for (let at = 0; at < json.length; at++)
    if (json[at] === LINE_FEED || json[at] === CARRIAGE_RETURN) json[at] = SPACE
  return Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString()
}
