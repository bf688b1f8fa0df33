import type { EntityKind } from '../model/entity.ts'
import type { Problem } from './http-error.ts'

const REQUIRED: Record<EntityKind, readonly (readonly string[])[]> = {
  users: [['user_id']],
  companies: [['company_id']],
  subscriptions: [['subscription_id'], ['company_id'], ['status']],
  actions: [['action_name'], ['request', 'uri']],
}
/** The table of subscriptions/batch in Moesif's docs leaves status optional. */
const OPTIONAL_IN_BATCH = new Set(['status'])

/** What is wrong with a posted user, company, subscription or action, which stands at `at` in its body. */
export function entityProblems(
  kind: EntityKind,
  document: unknown,
  batch: boolean,
  at: string,
): Problem[] {
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    return [{ pointer: at, message: 'must be an object' }]
  return REQUIRED[kind]
    .filter((path) => !(batch && OPTIONAL_IN_BATCH.has(path[0]!)) && !isText(document, path))
    .map((path) => ({
      pointer: `${at}/${path.join('/')}`,
      message: `${path.join('.')} is required, a text that is not empty`,
    }))
}

/** As in events: an id that is a number is refused there, and would never meet its user. */
function isText(document: object, path: readonly string[]): boolean {
  let value: unknown = document
  for (const name of path)
    value =
      typeof value === 'object' && value !== null
        ? (value as Record<string, unknown>)[name]
        : undefined
  return typeof value === 'string' && value !== ''
}
