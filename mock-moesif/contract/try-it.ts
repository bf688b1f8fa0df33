import { Type } from 'typebox'
import { exact } from '../model/shapes.ts'
import { TryAnswer, TrySpec } from '../model/try-it.ts'
import { answers, ErrorAnswer, operations, problem } from './operation.ts'

export const tryOperations = operations({
  'POST /_mock/try': {
    id: 'tryRules',
    tag: 'documents',
    summary: 'What the plugin itself would make of a call with the documents as they are',
    query: exact({
      app: Type.Optional(
        Type.String({ description: 'Whose documents; those of all without', minLength: 1 }),
      ),
    }),
    body: answers('The call', TrySpec),
    answers: {
      200: answers('What became of it', TryAnswer),
      400: problem,
      404: problem,
      409: answers('That event is bad: no call can be made of it', ErrorAnswer),
    },
  },
})
