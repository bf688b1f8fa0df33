import { anyApplication } from '../documents/applications.ts'
import { mock } from '../wire/mock.ts'

export type Kind = 'user' | 'company'

type Members = Record<string, unknown>

const members = (value: unknown): Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {}

/** Whose profile it is; null when it does not say. */
export function personIn(document: unknown, kind: Kind): string | null {
  const id = members(document)[kind === 'user' ? 'user_id' : 'company_id']
  return typeof id === 'string' ? id : null
}

/** What a person or company is called in its profile. */
export function nameOf(document: unknown): string {
  const { metadata, company_domain: domain } = members(document)
  const { name, email, org_name: organisation } = members(metadata)
  return [name, organisation, email, domain].filter((one) => typeof one === 'string').join(', ')
}

/** Rules and sample rate that an application's documents have for somebody. */
export interface Held {
  application: string
  sampleRate: number | null
  rules: { id: string; name: string; block: boolean }[]
}

export async function holdsFor(kind: Kind, id: string): Promise<Held[]> {
  const seen = await mock.applications()
  const names = [...seen.map(({ applicationId }) => applicationId), anyApplication]
  const all = await Promise.all(names.map((name) => heldIn(name, kind, id)))
  return all.filter(({ sampleRate, rules }) => sampleRate !== null || rules.length > 0)
}

async function heldIn(application: string, kind: Kind, id: string): Promise<Held> {
  const client = mock.application(application)
  const [config, rules] = await Promise.all([client.config.get(), client.rules.get()])
  const rate = members(members(config)[`${kind}_sample_rate`])[id]
  const entries = members(members(config)[`${kind}_rules`])[id]
  const cohorts = new Set(
    (Array.isArray(entries) ? entries : []).map((entry) => members(entry)['rules']),
  )
  return {
    application,
    sampleRate: typeof rate === 'number' ? rate : null,
    rules: (Array.isArray(rules) ? rules : []).flatMap((rule) => {
      const { _id, name, type, block, applied_to } = members(rule)
      const applies =
        type === kind && (applied_to === 'not_matching' ? !cohorts.has(_id) : cohorts.has(_id))
      return applies
        ? [
            {
              id: String(_id),
              name: typeof name === 'string' ? name : String(_id),
              block: block === true,
            },
          ]
        : []
    }),
  }
}
