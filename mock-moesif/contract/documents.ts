import { Type } from 'typebox'
import { exact } from '../model/shapes.ts'
import { answers, operations, problem } from './operation.ts'

const query = exact({
  app: Type.Optional(
    Type.String({
      description: 'Of this application; without, of all that have none of their own',
      minLength: 1,
    }),
  ),
})
const config = Type.Unsafe<Record<string, unknown>>({ type: 'object' })
const rules = Type.Unsafe<unknown[]>({ type: 'array' })

const served = <Schema extends Type.TSchema>(kind: string, schema: Schema) =>
  ({
    200: answers(`The ${kind} document; its tag is the ETag`, schema),
    400: problem,
  }) as const

export const documentOperations = operations({
  'GET /_mock/config': {
    id: 'getConfig',
    tag: 'documents',
    summary: 'What GET /v1/config serves',
    query,
    answers: served('config', config),
  },
  'PUT /_mock/config': {
    id: 'putConfig',
    tag: 'documents',
    summary: 'Replace the config document',
    query,
    body: answers('The document', config),
    answers: served('config', config),
  },
  'PATCH /_mock/config': {
    id: 'patchConfig',
    tag: 'documents',
    summary: 'Merge into the config document (RFC 7386)',
    query,
    body: answers('What changes; null removes a member', config),
    answers: served('config', config),
  },
  'GET /_mock/rules': {
    id: 'getRules',
    tag: 'documents',
    summary: 'What GET /v1/rules serves',
    query,
    answers: served('rules', rules),
  },
  'PUT /_mock/rules': {
    id: 'putRules',
    tag: 'documents',
    summary: 'Replace the rules document',
    query,
    body: answers('The document', rules),
    answers: served('rules', rules),
  },
  'PATCH /_mock/rules': {
    id: 'patchRules',
    tag: 'documents',
    summary: 'Replace the rules document: an array is not merged (RFC 7386)',
    query,
    body: answers('The document', rules),
    answers: served('rules', rules),
  },
})
