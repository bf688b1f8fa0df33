import { signal } from '@preact/signals'
import type { ConfigDocument, Rule } from '#mock-moesif/client/index.ts'
import { isMembers } from '../captured/members.ts'
import { attempt, notify } from '../live/notices.ts'
import { rulesOff } from '../live/preferences.ts'
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
import type { JudgedDocument } from '../documents/judged-documents.tsx'

/** Where the cohorts of a type of rule are in the config. */
const cohortKeys = { user: 'user_rules', company: 'company_rules', regex: null } as const

/** The rules of one application: those that the collector serves, and those that were switched off here. */
export class ApplicationRules {
  readonly application: string
  readonly rules = signal<{ rule: EditedRule; on: boolean }[] | null>(null)

  /** What is wrong with the documents as they are served. */
  readonly judged = signal<JudgedDocument[]>([])

  constructor(application: string) {
    this.application = application
  }

  async read(): Promise<void> {
    await attempt('Judging the documents', () => this.#judge())
    const read = await attempt('Reading the rules', () => this.#documents())
    if (!read) return
    const { rules, config } = read
    const on = rules.map((rule) => ({ rule: editRule(rule, cohortsIn(config, rule)), on: true }))
    const ids = new Set(on.map(({ rule }) => rule.id))
    const off = this.#off
      .filter(({ _id }) => !ids.has(String(_id)))
      .map((rule) => ({ rule: editRule(rule, cohortsIn(config, rule)), on: false }))
    this.rules.value = [...on, ...off]
  }

  /** @param before the id it had: a rule that is renamed is no second one */
  async save(edited: EditedRule, before: string | null): Promise<boolean> {
    const done = await attempt('Saving the rule', async () => {
      const { rules, config } = await this.#documents()
      const document = ruleDocument(edited)
      const at = rules.findIndex(({ _id }) => _id === (before ?? edited.id))
      const next = at < 0 ? [...rules, document] : rules.with(at, document)
      await this.#put({ rules: next, config: withoutRule(config, before) }, edited)
      this.#keepOff(this.#off.filter(({ _id }) => _id !== edited.id))
      return true
    })
    if (done)
      notify(
        `Saved ${edited.name || edited.id}: a gateway takes it up some seconds after its next call`,
      )
    await this.read()
    return done ?? false
  }

  async switchOn(edited: EditedRule, on: boolean): Promise<void> {
    await attempt(on ? 'Switching on' : 'Switching off', async () => {
      const { rules, config } = await this.#documents()
      const document = ruleDocument(edited)
      const others = rules.filter(({ _id }) => _id !== edited.id)
      await this.#put({ rules: on ? [...others, document] : others, config }, null)
      const off = this.#off.filter(({ _id }) => _id !== edited.id)
      this.#keepOff(on ? off : [...off, document])
    })
    await this.read()
  }

  async remove(edited: EditedRule): Promise<void> {
    await attempt('Removing the rule', async () => {
      const { rules, config } = await this.#documents()
      const others = rules.filter(({ _id }) => _id !== edited.id)
      await this.#put({ rules: others, config: withoutRule(config, edited.id) }, null)
      this.#keepOff(this.#off.filter(({ _id }) => _id !== edited.id))
    })
    await this.read()
  }

  async #documents(): Promise<Documents> {
    const documents = await readDocuments(this.application)
    const { rules } = documents
    if (!Array.isArray(rules) || !rules.every(isMembers))
      throw new Error('the rules document is no list of rules: mend it under Documents')
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
    // The cohorts first: a rule without its cohort would apply to nobody, or to all.
    await ask('PUT /_mock/config', { query, body: next })
    await ask('PUT /_mock/rules', { query, body: [...rules] })
  }

  get #off(): Rule[] {
    return rulesOff.value[this.application] ?? []
  }

  #keepOff(rules: Rule[]): void {
    rulesOff.value = { ...rulesOff.peek(), [this.application]: rules }
  }
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
