import { Type } from 'typebox'
import { ConfigDocument, Rule, RulesDocument } from '../model/documents.ts'
import { Finding } from '../model/event.ts'
import { exact } from '../model/shapes.ts'
import { answers, done, operations, problem } from './operation.ts'

const app = Type.Optional(
  Type.String({
    description:
      'The document of this application; by default the one of all applications without their own',
    minLength: 1,
  }),
)
const query = exact({ app })
const writing = exact({
  app,
  unchecked: Type.Optional(
    Type.Boolean({
      description: 'Serve the document although it has errors, to test clients with it',
      default: false,
    }),
  ),
})
/** A document may have been put with `unchecked`: its shape is described, not guaranteed. */
const config = Type.Unsafe<ConfigDocument>({ type: 'object', description: 'A ConfigDocument' })
const rules = Type.Unsafe<RulesDocument>({ type: 'array', items: {}, description: 'Of Rule' })
/** A merge patch has null where a member is removed. */
const change = Type.Unsafe<Record<string, unknown>>({ type: 'object' })

const served = <Schema extends Type.TSchema>(kind: string, schema: Schema) =>
  ({
    200: answers(`The ${kind} document; its tag is the ETag`, schema),
    400: problem,
  }) as const

const judged = {
  200: answers(
    'Errors, for which PUT would refuse it, and warnings about what clients would ignore',
    exact({ findings: Type.Array(Finding) }),
  ),
  400: problem,
} as const

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
    query: writing,
    body: answers('A ConfigDocument', config),
    answers: served('config', config),
  },
  'PATCH /_mock/config': {
    id: 'patchConfig',
    tag: 'documents',
    summary: 'Merge into the config document (RFC 7386)',
    query: writing,
    body: answers('What changes; null removes a member', change),
    answers: served('config', config),
  },
  'POST /_mock/config/check': {
    id: 'checkConfig',
    tag: 'documents',
    summary: 'Judge a config document without setting it',
    body: answers('A ConfigDocument', Type.Unknown()),
    answers: judged,
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
    query: writing,
    body: answers('A RulesDocument', rules),
    answers: served('rules', rules),
  },
  'PATCH /_mock/rules': {
    id: 'patchRules',
    tag: 'documents',
    summary: 'Replace the rules document: an array is not merged (RFC 7386)',
    query: writing,
    body: answers('A RulesDocument', rules),
    answers: served('rules', rules),
  },
  'POST /_mock/rules': {
    id: 'addRule',
    tag: 'documents',
    summary: 'Add a rule, or replace the one with its _id',
    query,
    body: answers('The rule', Rule),
    answers: { 201: answers('As added', Rule), 400: problem },
  },
  'DELETE /_mock/rules/{id}': {
    id: 'removeRule',
    tag: 'documents',
    summary: 'Remove a rule',
    query,
    path: exact({ id: Type.String({ minLength: 1, description: '_id of the rule' }) }),
    answers: { 204: done, 400: problem, 404: problem },
  },
  'POST /_mock/rules/check': {
    id: 'checkRules',
    tag: 'documents',
    summary: 'Judge a rules document without setting it',
    body: answers('A RulesDocument', Type.Unknown()),
    answers: judged,
  },
})
