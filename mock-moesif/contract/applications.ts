import { Type } from 'typebox'
import { Counts } from '../model/counts.ts'
import { Entity, EntityKind } from '../model/entity.ts'
import { TypeChange } from '../model/type-change.ts'
import { exact } from '../model/shapes.ts'
import { answers, done, operations, problem } from './operation.ts'
import { app } from './parameters.ts'

export const Application = exact(
  { applicationId: Type.String(), counts: Counts },
  { title: 'Application' },
)
export type Application = Type.Static<typeof Application>

export const applicationOperations = operations({
  'GET /_mock/applications': {
    id: 'listApplications',
    tag: 'applications',
    summary: 'Applications seen, with their counts',
    answers: { 200: answers('All of them', Type.Array(Application)), 400: problem },
  },
  'DELETE /_mock/applications/{id}': {
    id: 'resetApplication',
    tag: 'applications',
    summary: 'Forget everything of one application, faults and documents included',
    path: exact({ id: Type.String({ minLength: 1 }) }),
    answers: { 204: done, 400: problem },
  },
  'GET /_mock/counts': {
    id: 'getCounts',
    tag: 'applications',
    summary: 'Counts since the last reset',
    query: exact({ app }),
    answers: { 200: answers('The counts', Counts), 400: problem },
  },
  'GET /_mock/type-changes': {
    id: 'listTypeChanges',
    tag: 'applications',
    summary: 'Members of metadata and bodies that changed their type, the latest first',
    query: exact({ app }),
    answers: { 200: answers('Up to 1000', Type.Array(TypeChange)), 400: problem },
  },
  'GET /_mock/entities': {
    id: 'listEntities',
    tag: 'applications',
    summary: 'Users, companies, subscriptions (merged) and actions that were posted, newest first',
    query: exact({ app, kind: Type.Optional(EntityKind) }),
    answers: { 200: answers('Up to 1000', Type.Array(Entity)), 400: problem },
  },
})
