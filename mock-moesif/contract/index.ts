import { Type } from 'typebox'
import { applicationOperations } from './applications.ts'
import { arrivalOperations } from './arrivals.ts'
import { documentOperations } from './documents.ts'
import { eventOperations } from './events.ts'
import { faultOperations } from './faults.ts'
import { forwardOperations } from './forward.ts'
import { gatewayOperations } from './gateway.ts'
import { answers, operations, problem } from './operation.ts'
import { tryOperations } from './try-it.ts'
import { verifyOperations } from './verify.ts'

/** The test API, once: the server's routes, the client's types and the OpenAPI document are all made from it. */
export const contract = {
  ...operations({
    'GET /_mock/openapi.json': {
      id: 'getOpenApi',
      tag: 'about',
      summary: 'This document',
      answers: {
        200: answers('OpenAPI 3.1', Type.Unsafe<object>({ type: 'object' })),
        400: problem,
      },
    },
  }),
  ...eventOperations,
  ...arrivalOperations,
  ...applicationOperations,
  ...documentOperations,
  ...faultOperations,
  ...forwardOperations,
  ...gatewayOperations,
  ...verifyOperations,
  ...tryOperations,
}

/** Descriptions of the groups of operations. */
export const tags: Record<string, string> = {
  about: 'The test API itself',
  events: 'Captured events: find, count, await, export',
  batches: 'Requests to the collector, including refused ones, and the batches in them',
  applications: 'Applications; all data is separate per application id',
  documents: 'The configuration and the rules that the collector serves',
  faults: 'Faults of the collector',
  forward: 'Forwarding of batches to another collector',
  gateway: 'The Envoy in front of the mock',
}

type Contract = typeof contract
export type OperationName = keyof Contract

type StaticOf<Schema> = Schema extends Type.TSchema ? Type.Static<Schema> : undefined
type Member<Name extends OperationName, Key extends string> =
  Contract[Name] extends Record<Key, infer Value> ? Value : undefined

/** Parameters of the query string, as they are after the check. */
export type QueryOf<Name extends OperationName> = StaticOf<Member<Name, 'query'>>
export type PathOf<Name extends OperationName> = StaticOf<Member<Name, 'path'>>
export type BodyOf<Name extends OperationName> =
  Member<Name, 'body'> extends { schema: infer Schema } ? StaticOf<Schema> : undefined

type Answers<Name extends OperationName> = Contract[Name]['answers']
/** The document of a successful call. */
export type AnswerOf<Name extends OperationName> = {
  [Status in keyof Answers<Name>]: Status extends 200 | 201 | 422
    ? Answers<Name>[Status] extends { schema: infer Schema }
      ? StaticOf<Schema>
      : void
    : Status extends 204
      ? void
      : never
}[keyof Answers<Name>]
