import { asList, asMembers } from '../captured/members.ts'
import { anyApplication } from '../documents/applications.ts'
import { readDocuments } from '../rules/documents.ts'
import { ask } from '../wire/mock.ts'

export type Kind = 'user' | 'company'

/** Whose profile it is; null when it does not say. */
export function personIn(document: unknown, kind: Kind): string | null {
  const id = asMembers(document)[kind === 'user' ? 'user_id' : 'company_id']
  return typeof id === 'string' ? id : null
}

/** What a person or company is called in its profile. */
export function nameOf(document: unknown): string {
  const { metadata, company_domain: domain } = asMembers(document)
  const { name, email, org_name: organisation } = asMembers(metadata)
  return [name, organisation, email, domain].filter((one) => typeof one === 'string').join(', ')
}

/** Rules and sample rate that an application's documents have for a user or company. */
export interface Held {
  application: string
  sampleRate: number | null
  rules: { id: string; name: string; block: boolean }[]
}

export async function holdsFor(kind: Kind, id: string): Promise<Held[]> {
  const seen = await ask('GET /_mock/applications', {})
  const names = [...seen.map(({ applicationId }) => applicationId), anyApplication]
  const all = await Promise.all(names.map((name) => heldIn(name, kind, id)))
  return all.filter(({ sampleRate, rules }) => sampleRate !== null || rules.length > 0)
}

async function heldIn(application: string, kind: Kind, id: string): Promise<Held> {
  const { config, rules } = await readDocuments(application)
  const rate = asMembers(config[`${kind}_sample_rate`])[id]
  const entries = asList(asMembers(config[`${kind}_rules`])[id])
  const cohorts = new Set(entries.map((entry) => asMembers(entry).rules))
  return {
    application,
    sampleRate: typeof rate === 'number' ? rate : null,
    rules: asList(rules).flatMap((rule) => {
      const { _id, name, type, block, applied_to } = asMembers(rule)
      if (type !== kind || cohorts.has(_id) === (applied_to === 'not_matching')) return []
      const ruleId = String(_id)
      return { id: ruleId, name: typeof name === 'string' ? name : ruleId, block: block === true }
    }),
  }
}
