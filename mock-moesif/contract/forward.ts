import { Type } from 'typebox'
import { Forward, ForwardSpec } from '../model/forward.ts'
import { exact } from '../model/shapes.ts'
import { answers, done, operations, problem } from './operation.ts'
import { app } from './parameters.ts'

export const forwardOperations = operations({
  'GET /_mock/forward': {
    id: 'listForwards',
    tag: 'forward',
    summary: 'List what is forwarded, and where to',
    answers: { 200: answers('All of them', Type.Array(Forward)), 400: problem },
  },
  'PUT /_mock/forward': {
    id: 'putForward',
    tag: 'forward',
    summary: 'Forward stored batches to another collector',
    query: exact({ app }),
    body: answers('Where to', ForwardSpec),
    answers: { 200: answers('As set', Forward), 400: problem },
  },
  'DELETE /_mock/forward': {
    id: 'stopForward',
    tag: 'forward',
    summary: 'Stop forwarding',
    query: exact({ app }),
    answers: { 204: done, 400: problem },
  },
})
