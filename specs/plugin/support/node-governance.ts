import { createRequire } from 'node:module'
import type { Config, Rule } from './documents.ts'

/** What of the official Node client's rules engine is used; it has no types. */
interface RulesManager {
  _cacheRules: (rules: readonly Rule[]) => void
  applyRuleList: (rules: Rule[], holder: Verdict, values?: unknown) => Verdict
  governInternal: (
    config: Config,
    userId: string | null,
    companyId: string | null,
    fields: Record<string, string>,
    body: Record<string, unknown> | null,
    headers: Record<string, string>,
  ) => Verdict
  setLogger: (log: () => void) => void
}

interface Verdict {
  status: number | null
  headers: Record<string, string>
  body: unknown
  blocked_by: string | null
}

export interface GovernedRequest {
  method: string
  path: string
  address: string
  user: string | null
  company: string | null
  headers: Record<string, string>
  body: Record<string, unknown> | null
}

const manager = createRequire(import.meta.url)(
  'moesif-nodejs/lib/governanceRulesManager',
) as RulesManager
const applyRuleList = manager.applyRuleList.bind(manager)

/**
 * The verdict of moesif-nodejs. It lets the last rule of a type win, where we let the first: so it gets them the other way round.
 * What it calls `request.ip` is `request.ip_address` in Moesif's documents.
 */
export function nodeVerdict(
  rules: readonly Rule[],
  config: Config,
  request: GovernedRequest,
): Verdict {
  manager.setLogger(() => {})
  manager['_cacheRules'](rules)
  const rank = new Map(rules.map(({ _id: id }, index) => [id, index]))
  manager.applyRuleList = (applicable, holder, values) => {
    const lowestFirst = [...applicable].sort((a, b) => rank.get(b['_id'])! - rank.get(a['_id'])!)
    return applyRuleList(lowestFirst, holder, values)
  }
  const fields = {
    'request.verb': request.method,
    'request.ip_address': request.address,
    'request.route': request.path,
  }
  const { user, company, body, headers } = request
  return manager.governInternal(config, user, company, fields, body, headers)
}
