import { Type } from 'typebox'
import { exact } from './shapes.ts'

/** `events` and `bytes` are what is held now, the rest what was ever received since the last reset. */
export const Counts = exact(
  {
    events: Type.Integer({ description: 'Events held now' }),
    received: Type.Integer({ description: 'Events ever received, duplicates included' }),
    unique: Type.Integer(),
    duplicates: Type.Integer(),
    good: Type.Integer(),
    warning: Type.Integer(),
    bad: Type.Integer(),
    evicted: Type.Integer({ description: "Dropped by the store's bound, oldest first" }),
    batches: Type.Integer(),
    requests: Type.Integer(),
    bytes: Type.Integer(),
  },
  { title: 'Counts' },
)
export type Counts = Type.Static<typeof Counts>
