import { Type } from 'typebox'
import { exact } from './shapes.ts'

/** A member of metadata or a body that came with another type than in the first event of the application that had it. */
export const TypeChange = exact(
  {
    applicationId: Type.String(),
    path: Type.Array(Type.String(), { description: 'Names from the event down; without indexes' }),
    was: Type.String({ description: 'text, number, boolean or object' }),
    found: Type.String({ description: 'text, number, boolean or object' }),
    events: Type.Integer({ description: 'Events that had it so' }),
    firstEventId: Type.Integer(),
    firstAt: Type.Integer({ description: 'When it arrived, Unix ms' }),
    lastEventId: Type.Integer(),
    lastAt: Type.Integer({ description: 'When it arrived, Unix ms' }),
  },
  { title: 'TypeChange' },
)
export type TypeChange = Type.Static<typeof TypeChange>
