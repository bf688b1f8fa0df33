import { Type } from 'typebox'
import { Fault, FaultSpec } from '../model/fault.ts'
import { exact } from '../model/shapes.ts'
import { answers, done, operations, problem } from './operation.ts'
import { idInPath } from './parameters.ts'

const app = Type.Optional(
  Type.String({
    description:
      'Only faults of this application; `*`: faults for all applications; every fault by default',
    minLength: 1,
  }),
)

export const faultOperations = operations({
  'GET /_mock/faults': {
    id: 'listFaults',
    tag: 'faults',
    summary: 'Faults that are set',
    query: exact({ app }),
    answers: { 200: answers('All of them', Type.Array(Fault)), 400: problem },
  },
  'POST /_mock/faults': {
    id: 'addFault',
    tag: 'faults',
    summary: 'Set a fault',
    body: answers('The fault', FaultSpec),
    answers: { 201: answers('The fault', Fault), 400: problem },
  },
  'DELETE /_mock/faults': {
    id: 'clearFaults',
    tag: 'faults',
    summary: 'Remove faults',
    query: exact({ app }),
    answers: { 204: done, 400: problem },
  },
  'DELETE /_mock/faults/{id}': {
    id: 'removeFault',
    tag: 'faults',
    summary: 'Remove a fault',
    path: idInPath,
    answers: { 204: done, 404: problem },
  },
})
