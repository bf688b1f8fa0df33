import type { ConfigDocument, Rule, RulesDocument } from '../model/documents.ts'
import type { Finding } from '../model/event.ts'
import { call } from './call.ts'
import type { Transport } from './transport.ts'

interface Writing {
  /** Serve it although it is wrong: to see what a client makes of it. */
  unchecked?: boolean
}

/** Whom a rate or a rule is for; everybody without. */
export type Whom = { user: string } | { company: string }

/** The config document that the collector serves to an application, or without one to all that have none of their own. */
export class ConfigClient {
  readonly #transport: Transport
  readonly #app: string | undefined

  constructor(transport: Transport, app?: string) {
    this.#transport = transport
    this.#app = app
  }

  async get(): Promise<unknown> {
    return call(this.#transport, 'GET /_mock/config', { query: { app: this.#app } })
  }

  async put(document: unknown, { unchecked }: Writing = {}): Promise<unknown> {
    return call(this.#transport, 'PUT /_mock/config', {
      query: { app: this.#app, unchecked },
      body: document as ConfigDocument,
    })
  }

  /** JSON merge patch: null removes a member. */
  async patch(change: unknown, { unchecked }: Writing = {}): Promise<unknown> {
    return call(this.#transport, 'PATCH /_mock/config', {
      query: { app: this.#app, unchecked },
      body: change as Record<string, unknown>,
    })
  }

  /** Errors and warnings of a document that is not set. */
  async check(document: unknown): Promise<Finding[]> {
    const body = document as object
    return (await call(this.#transport, 'POST /_mock/config/check', { body })).findings
  }

  /**
   * Percent of the traffic to keep: of everybody, of a user or of a company.
   *
   * @example await app.config.sampleRate(10, { user: 'u1' })
   */
  async sampleRate(percent: number, whom?: Whom): Promise<void> {
    if (whom === undefined) await this.patch({ sample_rate: percent })
    else if ('user' in whom) await this.patch({ user_sample_rate: { [whom.user]: percent } })
    else await this.patch({ company_sample_rate: { [whom.company]: percent } })
  }

  /**
   * Puts a user or company into the cohort of a rule, with what fills the templates of its answer.
   *
   * @example await app.config.addToCohort({ user: 'u1' }, 'over-quota', { plan: 'Free' })
   */
  async addToCohort(whom: Whom, rule: string, values?: Record<string, string>): Promise<void> {
    const [key, id] =
      'user' in whom
        ? (['user_rules', whom.user] as const)
        : (['company_rules', whom.company] as const)
    const held = ((await this.get()) as ConfigDocument)[key]?.[id] ?? []
    const others = held.filter((entry) => entry.rules !== rule)
    const entry = { rules: rule, ...(values && { values }) }
    await this.patch({ [key]: { [id]: [...others, entry] } })
  }
}

/** The governance rules that the collector serves to an application, or without one to all that have none of their own. */
export class RulesClient {
  readonly #transport: Transport
  readonly #app: string | undefined

  constructor(transport: Transport, app?: string) {
    this.#transport = transport
    this.#app = app
  }

  async get(): Promise<unknown> {
    return call(this.#transport, 'GET /_mock/rules', { query: { app: this.#app } })
  }

  async put(document: unknown, { unchecked }: Writing = {}): Promise<unknown> {
    return call(this.#transport, 'PUT /_mock/rules', {
      query: { app: this.#app, unchecked },
      body: document as RulesDocument,
    })
  }

  /** Replaces the document: an array is not merged. */
  async patch(document: unknown, { unchecked }: Writing = {}): Promise<unknown> {
    return call(this.#transport, 'PATCH /_mock/rules', {
      query: { app: this.#app, unchecked },
      body: document as RulesDocument,
    })
  }

  /** Errors and warnings of a document that is not set. */
  async check(document: unknown): Promise<Finding[]> {
    const body = document as object
    return (await call(this.#transport, 'POST /_mock/rules/check', { body })).findings
  }

  /** Adds a rule, or replaces the one with its `_id`, which is made up when left out. */
  async add(rule: Omit<Rule, '_id'> & { _id?: string }): Promise<Rule> {
    const body: Rule = { ...rule, _id: rule._id ?? crypto.randomUUID() }
    return call(this.#transport, 'POST /_mock/rules', { query: { app: this.#app }, body })
  }

  async remove(id: string): Promise<void> {
    await call(this.#transport, 'DELETE /_mock/rules/{id}', {
      query: { app: this.#app },
      path: { id },
    })
  }
}
