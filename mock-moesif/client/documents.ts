import type { ConfigDocument, Rule } from '../model/documents.ts'
import type { Finding } from '../model/event.ts'
import { call } from './call.ts'
import type { Transport } from './transport.ts'

interface Writing {
  /** Serve the document although it has errors, to test clients with it. */
  unchecked?: boolean
}

/** The user or company that a rate or a rule is for. */
export type Whom = { user: string } | { company: string }

/** A document that the collector serves: to one application, or to all that have none of their own. */
class DocumentClient<Name extends 'config' | 'rules'> {
  protected readonly transport: Transport
  protected readonly app: string | undefined
  readonly #name: Name

  constructor(name: Name, transport: Transport, app?: string) {
    this.#name = name
    this.transport = transport
    this.app = app
  }

  /** The document as it is served. */
  async get(): Promise<unknown> {
    return call(this.transport, this.#operation('GET'), { query: { app: this.app } })
  }

  /**
   * Replaces the document, and resolves with it.
   * @throws MockMoesifError with status 400 when it has errors, unless `unchecked`
   */
  async put(document: unknown, { unchecked }: Writing = {}): Promise<unknown> {
    return call(this.transport, this.#operation('PUT'), {
      query: { app: this.app, unchecked },
      body: document as ConfigDocument,
    })
  }

  /**
   * Merges into the config document (RFC 7386: null removes a member); the rules, an array, are replaced.
   * @throws MockMoesifError with status 400 when the result has errors, unless `unchecked`
   */
  async patch(change: unknown, { unchecked }: Writing = {}): Promise<unknown> {
    return call(this.transport, this.#operation('PATCH'), {
      query: { app: this.app, unchecked },
      body: change as Record<string, unknown>,
    })
  }

  /** Errors and warnings about a document, without setting it. */
  async check(document: unknown): Promise<Finding[]> {
    const name = `POST /_mock/${this.#name}/check` as 'POST /_mock/config/check'
    return (await call(this.transport, name, { body: document as object })).findings
  }

  /** @note the contract has the same operations for both documents, which differ in their schemas alone. */
  #operation<Method extends 'GET' | 'PUT' | 'PATCH'>(method: Method) {
    return `${method} /_mock/${this.#name}` as `${Method} /_mock/config`
  }
}

/** The config document. */
export class ConfigClient extends DocumentClient<'config'> {
  constructor(transport: Transport, app?: string) {
    super('config', transport, app)
  }

  /**
   * Sets the percentage of the traffic to keep (0 to 100): of all, of a user or of a company.
   *
   * @example await app.config.sampleRate(10, { user: 'u1' })
   */
  async sampleRate(percent: number, whom?: Whom): Promise<void> {
    if (whom === undefined) await this.patch({ sample_rate: percent })
    else if ('user' in whom) await this.patch({ user_sample_rate: { [whom.user]: percent } })
    else await this.patch({ company_sample_rate: { [whom.company]: percent } })
  }

  /**
   * Adds a user or company to the cohort of a rule, with the values for the templates of its response.
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

/** The governance rules. */
export class RulesClient extends DocumentClient<'rules'> {
  constructor(transport: Transport, app?: string) {
    super('rules', transport, app)
  }

  /** Adds a rule, or replaces the one with its `_id`, which is a random UUID when absent. */
  async add(rule: Omit<Rule, '_id'> & { _id?: string }): Promise<Rule> {
    const body: Rule = { ...rule, _id: rule._id ?? crypto.randomUUID() }
    return call(this.transport, 'POST /_mock/rules', { query: { app: this.app }, body })
  }

  async remove(id: string): Promise<void> {
    await call(this.transport, 'DELETE /_mock/rules/{id}', {
      query: { app: this.app },
      path: { id },
    })
  }
}
