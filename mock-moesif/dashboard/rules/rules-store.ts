import { signal } from '@preact/signals'
import type { ConfigDocument, Rule } from '#mock-moesif/client/index.ts'
import { isMembers } from '../captured/members.ts'
import { attempt, notify } from '../live/notices.ts'
import { rulesOff, rulesOrder } from '../live/preferences.ts'
import { ask } from '../wire/mock.ts'
import { type Documents, readDocuments } from './documents.ts'
import {
  cohortOf,
  type Cohorts,
  type EditedRule,
  editRule,
  ruleDocument,
  withCohort,
} from './rule-model.ts'
import { inPlace } from './rules-order.ts'
import type { JudgedDocument } from '../documents/judged-documents.tsx'

/** Where the cohorts of a type of rule are in the config. */
const cohortKeys = { user: 'user_rules', company: 'company_rules', regex: null } as const

/** A rule as it is shown. */
export interface HeldRule {
  rule: EditedRule
  on: boolean
  /** Changed, and not confirmed by the collector yet. */
  pending?: boolean
}

/** The rules of one application: those that the collector serves, and those that were switched off here. */
export class ApplicationRules {
  readonly application: string
  readonly rules = signal<HeldRule[] | null>(null)

  /** What is wrong with the documents as they are served. */
  readonly judged = signal<JudgedDocument[]>([])

  #changes: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor(application: string) {
    this.application = application
  }

  async read(): Promise<void> {
    await attempt('Judging the documents', () => this.#judge())
    const read = await attempt('Reading the rules', () => this.#documents())
    if (!read || this.#waiting > 0) return
    const { rules, config } = read
    const served = new Set(rules.map(idOf))
    this.#keepOff(this.#off.filter((rule) => !served.has(idOf(rule))))
    this.rules.value = inPlace(rules, this.#off, this.#order, idOf).map((rule) => ({
      rule: editRule(rule, cohortsIn(config, rule)),
      on: served.has(idOf(rule)),
    }))
  }

  /** @param before its former id: a renamed rule replaces the old one */
  save(edited: EditedRule, before: string | null): Promise<boolean> {
    return this.#change('Saving the rule', async () => {
      const { rules, config } = await this.#documents()
      const is = (rule: Rule) => idOf(rule) === (before ?? edited.id)
      const off = this.#off.findIndex(is)
      const document = ruleDocument(edited)
      const next = rules.some(is)
        ? rules.map((rule) => (is(rule) ? document : rule))
        : off < 0
          ? [...rules, document]
          : rules
      await this.#put({ rules: next, config: withoutRule(config, before) }, edited)
      if (off >= 0) this.#keepOff(this.#off.with(off, document))
      this.#keepOrder(this.#order.map((id) => (id === before ? edited.id : id)))
      // It may be switched before the list is read again.
      if (before !== null) this.#show(before, { rule: edited })
      notify(
        `Saved ${edited.name || edited.id}: ${off < 0 ? 'a gateway takes it up some seconds after its next call' : 'it is still switched off'}`,
      )
    })
  }

  /** Shown at once, and set back when the collector did not take it. */
  async switchOn({ id }: EditedRule, on: boolean): Promise<void> {
    this.#show(id, { on, pending: true })
    const run = async () => {
      const { rules, config } = await this.#documents()
      const known = [...this.#off, ...rules].find((rule) => idOf(rule) === id)
      if (!known) throw new Error('it is there no more')
      const others = rules.filter((rule) => idOf(rule) !== id)
      this.#keepOrder((this.rules.peek() ?? []).map(({ rule }) => rule.id))
      // Stored here before it is removed there: a page that is closed in between loses nothing.
      if (!on) this.#keepOff([...this.#off.filter((rule) => idOf(rule) !== id), known])
      const next = on ? inPlace(others, [known], this.#order, idOf) : others
      await this.#put({ rules: next, config }, null)
    }
    await this.#change(on ? 'Switching on' : 'Switching off', run, (done) =>
      this.#show(id, { on: on === done, pending: false }),
    )
  }

  async remove(edited: EditedRule): Promise<void> {
    await this.#change('Removing the rule', async () => {
      const { rules, config } = await this.#documents()
      const others = rules.filter((rule) => idOf(rule) !== edited.id)
      await this.#put({ rules: others, config: withoutRule(config, edited.id) }, null)
      this.#keepOff(this.#off.filter((rule) => idOf(rule) !== edited.id))
    })
  }

  /** Changes follow one another: each reads the documents and writes them whole. */
  #change(
    what: string,
    run: () => Promise<void>,
    then?: (done: boolean) => void,
  ): Promise<boolean> {
    this.#waiting++
    const change = this.#changes.then(async () => {
      const done = await attempt(what, () => run().then(() => true))
      this.#waiting--
      if (this.#waiting === 0) {
        then?.(done ?? false)
        await this.read()
      }
      return done ?? false
    })
    this.#changes = change
    return change
  }

  #show(id: string, change: Partial<HeldRule>): void {
    const rules = this.rules.peek() ?? []
    const at = rules.findIndex(({ rule }) => rule.id === id)
    const one = rules[at]
    if (one) this.rules.value = rules.with(at, { ...one, ...change })
  }

  async #documents(): Promise<Documents> {
    const documents = await readDocuments(this.application)
    const { rules } = documents
    if (!Array.isArray(rules) || !rules.every(isMembers))
      throw new Error('the rules document is not a list of rules: correct it under Documents')
    return documents
  }

  async #judge(): Promise<void> {
    const { rules, config } = await readDocuments(this.application)
    this.judged.value = await Promise.all([judge('rules', rules), judge('config', config)])
  }

  async #put({ rules, config }: Documents, edited: EditedRule | null): Promise<void> {
    const query = { app: this.application }
    const key = edited && cohortKeys[edited.type]
    const next = key
      ? { ...config, [key]: withCohort(config[key], edited.id, cohortOf(edited)) }
      : config
    // The cohorts first: a rule without its cohort would apply to no user, or to all.
    await ask('PUT /_mock/config', { query, body: next })
    await ask('PUT /_mock/rules', { query, body: [...rules] })
  }

  get #off(): Rule[] {
    return rulesOff.value[this.application] ?? []
  }

  #keepOff(rules: Rule[]): void {
    rulesOff.value = { ...rulesOff.peek(), [this.application]: rules }
  }

  /** The ids of all rules, as they stood when one was switched off last. */
  get #order(): string[] {
    return rulesOrder.value[this.application] ?? []
  }

  #keepOrder(ids: string[]): void {
    rulesOrder.value = { ...rulesOrder.peek(), [this.application]: ids }
  }
}

function idOf({ _id }: Rule): string {
  return String(_id)
}

async function judge(kind: JudgedDocument['kind'], document: unknown): Promise<JudgedDocument> {
  const { findings } = await ask(`POST /_mock/${kind}/check`, { body: document })
  return { kind, document, findings }
}

function cohortsIn(config: ConfigDocument, { type }: Rule): Cohorts {
  return config[type === 'company' ? 'company_rules' : 'user_rules']
}

function withoutRule(config: ConfigDocument, rule: string | null): ConfigDocument {
  if (rule === null) return config
  const next = { ...config }
  for (const key of ['user_rules', 'company_rules'] as const)
    if (key in next) next[key] = withCohort(next[key], rule, new Map())
  return next
}
