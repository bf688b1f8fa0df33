import { Type } from 'typebox'
import { exact } from './shapes.ts'

/** `events` and `bytes` count what is stored now, the others what was received since the last reset. */
export const Counts = exact(
  {
    events: Type.Integer({ description: 'Events stored now' }),
    received: Type.Integer({ description: 'Events received, including duplicates' }),
    unique: Type.Integer(),
    duplicates: Type.Integer(),
    good: Type.Integer(),
    warning: Type.Integer(),
    bad: Type.Integer(),
    evicted: Type.Integer({ description: "Removed by the store's bound, oldest first" }),
    batches: Type.Integer(),
    requests: Type.Integer(),
    bytes: Type.Integer(),
    typeChanges: Type.Integer({
      description: 'Members of metadata and bodies that were met with another type than before',
    }),
  },
  { title: 'Counts' },
)
export type Counts = Type.Static<typeof Counts>
