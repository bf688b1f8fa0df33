import type { EntityKind } from '../model/entity.ts'
import { Refusal, type Problem } from './refusal.ts'

const REQUIRED: Record<EntityKind, readonly (readonly string[])[]> = {
  users: [['user_id']],
  companies: [['company_id']],
  subscriptions: [['subscription_id'], ['company_id'], ['status']],
  actions: [['action_name'], ['request', 'uri']],
}
/** The table of subscriptions/batch in Moesif's docs leaves status optional. */
const OPTIONAL_IN_BATCH = new Set(['status'])

/** Refuses all documents when one is not acceptable. */
export function checkEntities(kind: EntityKind, documents: unknown[], batch: boolean): void {
  const problems = documents.flatMap((document, index) =>
    problemsOf(kind, document, batch, batch ? `/${index}` : ''),
  )
  if (problems.length > 0) throw new Refusal(400, `Not acceptable as ${kind}`, problems)
}

function problemsOf(kind: EntityKind, document: unknown, batch: boolean, at: string): Problem[] {
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return [{ pointer: at, message: 'must be an object' }]
  return REQUIRED[kind]
    .filter((path) => !(batch && OPTIONAL_IN_BATCH.has(path[0]!)) && isAbsent(document, path))
    .map((path) => ({
      pointer: `${at}/${path.join('/')}`,
      message: `${path.join('.')} is required`,
    }))
}

function isAbsent(document: object, path: readonly string[]): boolean {
  let value: unknown = document
  for (const name of path)
    value =
      typeof value === 'object' && value !== null
        ? (value as Record<string, unknown>)[name]
        : undefined
  return value === undefined || value === null || value === ''
}
