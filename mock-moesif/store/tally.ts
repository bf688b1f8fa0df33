import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Undoable } from './in-transaction.ts'
import type { Counts } from '../model/counts.ts'

const zero = (): Counts => ({
  events: 0,
  received: 0,
  unique: 0,
  duplicates: 0,
  good: 0,
  warning: 0,
  bad: 0,
  evicted: 0,
  batches: 0,
  requests: 0,
  bytes: 0,
  typeChanges: 0,
})

/** Clients choose application ids: counts of at most this many are kept, and of further ones only while they have events. */
const MAX_APPLICATIONS = 10_000
/** The number removed at once, since finding them takes a scan over all. */
const FORGOTTEN_AT_ONCE = 1_000

/**
 * Counts by application. `events` and `bytes` are what is held now, the rest what was ever seen since the last reset.
 * Changed counts are written with the transaction that changed them.
 */
export class Tally implements Undoable {
  readonly #byApp = new Map<string, Counts>()
  /** What is not saved yet, with the counts before the transaction. */
  readonly #changed = new Map<string, Counts | undefined>()
  readonly #save: StatementSync
  readonly #remove: StatementSync
  /** Number of applications beyond which forgettable ones are looked for. */
  #room = MAX_APPLICATIONS

  constructor(database: DatabaseSync) {
    for (const row of database.prepare('SELECT app, counts FROM counts').all())
      this.#byApp.set(row['app'] as string, { ...zero(), ...JSON.parse(row['counts'] as string) })
    this.#save = database.prepare('INSERT OR REPLACE INTO counts (app, counts) VALUES (?, ?)')
    this.#remove = database.prepare('DELETE FROM counts WHERE app = ?')
  }

  /** The counts of an application, to be changed in place. */
  change(app: string): Counts {
    let counts = this.#byApp.get(app)
    if (!this.#changed.has(app)) this.#changed.set(app, counts && { ...counts })
    if (!counts) {
      if (this.#byApp.size >= this.#room) this.#forgetOldestEmpty()
      this.#byApp.set(app, (counts = zero()))
    }
    return counts
  }

  #forgetOldestEmpty(): void {
    let left = FORGOTTEN_AT_ONCE
    for (const [app, { events }] of this.#byApp) {
      if (events > 0 || this.#changed.has(app)) continue
      this.forget(app)
      if (--left === 0) break
    }
    this.#room = Math.max(MAX_APPLICATIONS, this.#byApp.size + FORGOTTEN_AT_ONCE)
  }

  save(): void {
    for (const app of this.#changed.keys()) {
      const counts = this.#byApp.get(app)
      if (counts) this.#save.run(app, JSON.stringify(counts))
      else this.#remove.run(app)
    }
  }

  keep(): void {
    this.#changed.clear()
  }

  undo(): void {
    for (const [app, counts] of this.#changed)
      if (counts) this.#byApp.set(app, counts)
      else this.#byApp.delete(app)
    this.#changed.clear()
  }

  forget(app: string): void {
    if (!this.#changed.has(app)) {
      const counts = this.#byApp.get(app)
      this.#changed.set(app, counts && { ...counts })
    }
    this.#byApp.delete(app)
  }

  of(app: string): Counts {
    return { ...(this.#byApp.get(app) ?? zero()) }
  }

  total(): Counts {
    const sum = zero()
    for (const counts of this.#byApp.values())
      for (const key of Object.keys(sum) as (keyof Counts)[]) sum[key] += counts[key]
    return sum
  }

  applications(): string[] {
    return [...this.#byApp.keys()].sort()
  }
}
