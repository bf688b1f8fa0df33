import { Type } from 'typebox'
import { exact } from './shapes.ts'

export const EntityKind = Type.Enum(['users', 'companies', 'subscriptions', 'actions'])
export type EntityKind = Type.Static<typeof EntityKind>

/** A user, company, subscription or action that was posted. */
export const Entity = exact(
  {
    id: Type.Integer(),
    applicationId: Type.String(),
    kind: EntityKind,
    receivedAt: Type.Integer({ description: 'When it was last posted, Unix ms' }),
    document: Type.Unknown(),
  },
  { title: 'Entity' },
)
export type Entity = Type.Static<typeof Entity>
