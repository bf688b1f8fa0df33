import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { TypeChange } from '../model/type-change.ts'
import type { KnownMember, KnownTypes, MemberType } from '../model/member-type.ts'
import type { Undoable } from './in-transaction.ts'

/** Of one application; the names in bodies may be ids, without end. */
const MAX_MEMBERS = 5000
const MAX_APPLICATIONS = 10_000
const MAX_MEMBERS_OF_ALL = 100_000
const MAX_NAME = 200

/** Reported at once. */
const MAX_CHANGES = 1000

interface Application {
  readonly id: string
  readonly root: KnownMember
  members: number
}

/** The first type of each member of metadata and bodies, by application, against which a change of type is detected. */
export class MemberTypes implements Undoable {
  readonly #applications = new Map<string, Application>()
  readonly #insert: StatementSync
  readonly #findChange: StatementSync
  readonly #addChange: StatementSync
  readonly #listChanges: StatementSync
  /** Members that got a type in the current transaction. */
  readonly #given: KnownMember[] = []
  #members = 0

  constructor(database: DatabaseSync) {
    this.#insert = database.prepare('INSERT OR IGNORE INTO member_types VALUES (?, ?, ?)')
    this.#findChange = database.prepare(
      'SELECT 1 FROM type_changes WHERE app = ? AND path = ? AND found = ?',
    )
    this.#addChange = database.prepare(
      `INSERT INTO type_changes VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
       events = events + excluded.events, last_event_id = excluded.last_event_id, last_at = excluded.last_at`,
    )
    this.#listChanges = database.prepare(
      `SELECT * FROM type_changes WHERE ifnull(app = ?, TRUE) ORDER BY last_at DESC, last_event_id DESC LIMIT ${MAX_CHANGES}`,
    )
    for (const row of database.prepare('SELECT app, path, type FROM member_types').all()) {
      const application = this.#application(row['app'] as string)
      let member: KnownMember | undefined = application.root
      for (const name of JSON.parse(row['path'] as string) as string[])
        member = member && this.#member(application, member, name)
      if (member) member.type = row['type'] as MemberType
    }
  }

  /** The types known while a batch is read. What it adds holds once the batch is stored. */
  forBatch(app: string): BatchTypes {
    const application = this.#application(app)
    return new BatchTypes(application, (parent, name) => this.#member(application, parent, name))
  }

  /**
   * Must run inside the transaction that stores the batch. Returns how many members came with a type that was not known of them.
   *
   * @param firstEventId of the batch; the others follow it
   */
  store({ application, met, changes }: BatchTypes, firstEventId: number, at: number): number {
    // It was reset while the batch was read.
    if (this.#applications.get(application.id) !== application) return 0
    for (const [member, type] of met) {
      if (member.type !== undefined) continue
      member.type = type
      this.#given.push(member)
      this.#insert.run(application.id, JSON.stringify(pathOf(member)), type)
    }
    let unknown = 0
    for (const [member, byType] of changes) {
      const path = JSON.stringify(pathOf(member))
      for (const [found, { events, first, last }] of byType) {
        const was = member.type
        if (was === undefined || was === found) continue
        if (!this.#findChange.get(application.id, path, found)) unknown++
        const ids = [firstEventId + first, at, firstEventId + last, at]
        this.#addChange.run(application.id, path, was, found, events, ...ids)
      }
    }
    return unknown
  }

  /** The members that changed their type, the latest first. */
  changes(app: string | undefined): TypeChange[] {
    return this.#listChanges.all(app ?? null).map((row) => ({
      applicationId: row['app'] as string,
      path: JSON.parse(row['path'] as string) as string[],
      was: row['was'] as string,
      found: row['found'] as string,
      events: row['events'] as number,
      firstEventId: row['first_event_id'] as number,
      firstAt: row['first_at'] as number,
      lastEventId: row['last_event_id'] as number,
      lastAt: row['last_at'] as number,
    }))
  }

  keep(): void {
    this.#given.length = 0
  }

  undo(): void {
    for (const member of this.#given) member.type = undefined
    this.#given.length = 0
  }

  /** Forgets one application, or all; their rows are removed already. */
  clear(app: string | null): void {
    for (const [id, application] of this.#applications) {
      if (app !== null && id !== app) continue
      this.#applications.delete(id)
      this.#members -= application.members
      // A batch that is being read adds no more.
      application.members = Infinity
    }
  }

  #application(id: string): Application {
    let application = this.#applications.get(id)
    if (!application) {
      application = { id, root: memberOf(null, ''), members: 0 }
      if (this.#applications.size < MAX_APPLICATIONS) this.#applications.set(id, application)
    }
    return application
  }

  #member(application: Application, parent: KnownMember, name: string): KnownMember | undefined {
    if (application.members >= MAX_MEMBERS || this.#members >= MAX_MEMBERS_OF_ALL) return undefined
    if (name.length > MAX_NAME) return undefined
    const member = memberOf(parent, name)
    parent.members.set(name, member)
    application.members++
    this.#members++
    return member
  }
}

/** How many events of a batch, and which of them, the first being 0. */
interface Changed {
  events: number
  first: number
  last: number
}

/** What the events of one batch met, beside what was known before. */
export class BatchTypes implements KnownTypes {
  readonly application: Application
  readonly met = new Map<KnownMember, MemberType>()
  readonly changes = new Map<KnownMember, Map<MemberType, Changed>>()
  #event = -1
  readonly #add: (parent: KnownMember, name: string) => KnownMember | undefined

  constructor(
    application: Application,
    add: (parent: KnownMember, name: string) => KnownMember | undefined,
  ) {
    this.application = application
    this.#add = add
  }

  get root(): KnownMember {
    return this.application.root
  }

  member(parent: KnownMember, name: string): KnownMember | undefined {
    return parent.members.get(name) ?? this.#add(parent, name)
  }

  /** What follows is of the next event of the batch. */
  nextEvent(): void {
    this.#event++
  }

  typeOf(member: KnownMember, found: MemberType): MemberType {
    const before = member.type ?? this.met.get(member)
    if (before === undefined) this.met.set(member, found)
    else if (before !== found) this.#change(member, found)
    return before ?? found
  }

  #change(member: KnownMember, found: MemberType): void {
    let byType = this.changes.get(member)
    if (!byType) this.changes.set(member, (byType = new Map()))
    const change = byType.get(found)
    if (!change) byType.set(found, { events: 1, first: this.#event, last: this.#event })
    else if (change.last !== this.#event) {
      change.events++
      change.last = this.#event
    }
  }
}

function memberOf(parent: KnownMember | null, name: string): KnownMember {
  return { parent, name, members: new Map(), type: undefined }
}

function pathOf(member: KnownMember): string[] {
  const path: string[] = []
  for (let at = member; at.parent; at = at.parent) path.unshift(at.name)
  return path
}
