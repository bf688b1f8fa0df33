import { Type } from 'typebox'
import { exact } from '../model/shapes.ts'
import { TryAnswer, TrySpec } from '../model/try-it.ts'
import { answers, ErrorAnswer, operations, problem } from './operation.ts'

export const tryOperations = operations({
  'POST /_mock/try': {
    id: 'tryRules',
    tag: 'documents',
    summary: 'Run a call through the plugin with the current documents',
    query: exact({
      app: Type.Optional(
        Type.String({
          description: 'The application whose documents apply; those of all by default',
          minLength: 1,
        }),
      ),
    }),
    body: answers('The call', TrySpec),
    answers: {
      200: answers('The result', TryAnswer),
      400: problem,
      404: problem,
      409: answers('The event of `eventId` is bad: it describes no call', ErrorAnswer),
    },
  },
})
