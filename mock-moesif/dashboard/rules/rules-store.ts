import { signal } from '@preact/signals'
import type { Finding } from '#mock-moesif/client/index.ts'
import { isMembers } from '../captured/event-shape.ts'
import { attempt, notify } from '../live/notices.ts'
import { rulesOff } from '../live/preferences.ts'
import { mock } from '../wire/mock.ts'
import {
  cohortOf,
  type Cohorts,
  type EditedRule,
  editRule,
  type RuleDocument,
  ruleDocument,
  withCohort,
} from './rule-model.ts'
import type { JudgedDocument } from '../documents/judged-documents.tsx'

/** Where the cohorts of a type of rule are in the config. */
const cohortKeys = { user: 'user_rules', company: 'company_rules', regex: null } as const

type Config = Record<string, unknown>

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
      await this.#put(next, withoutRule(config, before), edited)
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
      await this.#put(on ? [...others, document] : others, config, null)
      const off = this.#off.filter(({ _id }) => _id !== edited.id)
      this.#keepOff(on ? off : [...off, document])
    })
    await this.read()
  }

  async remove(edited: EditedRule): Promise<void> {
    await attempt('Removing the rule', async () => {
      const { rules, config } = await this.#documents()
      const others = rules.filter(({ _id }) => _id !== edited.id)
      await this.#put(others, withoutRule(config, edited.id), null)
      this.#keepOff(this.#off.filter(({ _id }) => _id !== edited.id))
    })
    await this.read()
  }

  async #documents(): Promise<{ rules: RuleDocument[]; config: Config }> {
    const client = mock.application(this.application)
    const [rules, config] = await Promise.all([client.rules.get(), client.config.get()])
    if (!Array.isArray(rules) || !rules.every(isMembers))
      throw new Error('the rules document is no list of rules: mend it under Documents')
    return { rules: rules as RuleDocument[], config: config as Config }
  }

  async #judge(): Promise<void> {
    const { rules, config } = mock.application(this.application)
    this.judged.value = await Promise.all([judge('rules', rules), judge('config', config)])
  }

  async #put(rules: RuleDocument[], config: Config, edited: EditedRule | null): Promise<void> {
    const client = mock.application(this.application)
    const key = edited && cohortKeys[edited.type]
    const next = key
      ? {
          ...config,
          [key]: withCohort((config[key] ?? {}) as Cohorts, edited.id, cohortOf(edited)),
        }
      : config
    // The cohorts first: a rule without its cohort would apply to nobody, or to all.
    await client.config.put(next)
    await client.rules.put(rules)
  }

  get #off(): RuleDocument[] {
    return (rulesOff.value[this.application] ?? []) as RuleDocument[]
  }

  #keepOff(rules: RuleDocument[]): void {
    rulesOff.value = { ...rulesOff.peek(), [this.application]: rules }
  }
}

async function judge(
  kind: JudgedDocument['kind'],
  client: { get(): Promise<unknown>; check(document: unknown): Promise<Finding[]> },
): Promise<JudgedDocument> {
  const document = await client.get()
  return { kind, document, findings: await client.check(document) }
}

function cohortsIn(config: Config, { type }: RuleDocument): Cohorts {
  const key = type === 'company' ? 'company_rules' : 'user_rules'
  return (config[key] ?? {}) as Cohorts
}

function withoutRule(config: Config, rule: string | null): Config {
  if (rule === null) return config
  const next = { ...config }
  for (const key of ['user_rules', 'company_rules'])
    if (key in next) next[key] = withCohort((next[key] ?? {}) as Cohorts, rule, new Map())
  return next
}
