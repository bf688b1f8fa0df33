import { Type } from 'typebox'
import { count, exact } from '../model/shapes.ts'
import { NearMiss } from './events.ts'
import { answers, operations, problem } from './operation.ts'
import { filter } from './parameters.ts'

/** How many events match, or in which order. */
export const VerifySpec = exact(
  {
    applicationId: Type.Optional(Type.String()),
    filter,
    count: Type.Optional(count()),
    atLeast: Type.Optional(count()),
    atMost: Type.Optional(count()),
    order: Type.Optional(
      Type.Array(Type.String({ format: 'moesif-query' }), {
        minItems: 1,
        maxItems: 1000,
        description: 'Filters: an event must match the first, a later event the second, and so on',
      }),
    ),
  },
  {
    title: 'VerifySpec',
    description: 'Without `order`, the events that match `filter` are counted.',
  },
)
export type VerifySpec = Type.Static<typeof VerifySpec>

export const VerifyAnswer = exact(
  {
    met: Type.Boolean(),
    message: Type.String({ description: 'Why it is not met' }),
    count: Type.Integer(),
    nearest: Type.Array(NearMiss),
  },
  { title: 'VerifyAnswer' },
)
export type VerifyAnswer = Type.Static<typeof VerifyAnswer>

export const verifyOperations = operations({
  'POST /_mock/verify': {
    id: 'verify',
    tag: 'events',
    summary: 'Check a count, or an order, without waiting',
    body: answers('What is expected', VerifySpec),
    answers: {
      200: answers('It holds', VerifyAnswer),
      400: problem,
      422: answers('It does not hold: why, and the nearest misses', VerifyAnswer),
    },
  },
})
