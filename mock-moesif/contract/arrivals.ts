import { Type } from 'typebox'
import { BatchRecord, BatchSummary, RequestRecord, RequestSummary } from '../model/arrival.ts'
import { exact } from '../model/shapes.ts'
import { answers, operations, problem } from './operation.ts'
import { app, idInPath, pageOf, paging } from './parameters.ts'

const BatchPage = pageOf('BatchPage', BatchSummary)
const RequestPage = pageOf('RequestPage', RequestSummary)
const body = {
  description: 'The body',
  types: ['application/octet-stream'],
  schema: Type.Unknown(),
}

export const arrivalOperations = operations({
  'GET /_mock/batches': {
    id: 'listBatches',
    tag: 'batches',
    summary: 'Batches by page, newest first',
    query: exact({ app, ...paging }),
    answers: { 200: answers('A page', BatchPage), 400: problem },
  },
  'GET /_mock/batches/{id}': {
    id: 'getBatch',
    tag: 'batches',
    summary: 'One batch, and what it was answered',
    path: idInPath,
    answers: { 200: answers('The batch', BatchRecord), 404: problem },
  },
  'GET /_mock/batches/{id}/raw': {
    id: 'getRawBatch',
    tag: 'batches',
    summary: 'The body of a batch, decoded as far as it can be',
    path: idInPath,
    answers: { 200: body, 404: problem },
  },
  'GET /_mock/batches/{id}/sent': {
    id: 'getSentBatch',
    tag: 'batches',
    summary: 'The body of a batch as it was sent: compressed, if it was',
    path: idInPath,
    answers: { 200: body, 404: problem },
  },
  'GET /_mock/requests': {
    id: 'listRequests',
    tag: 'batches',
    summary: 'Requests to the collector by page, newest first',
    query: exact({ app, ...paging }),
    answers: { 200: answers('A page', RequestPage), 400: problem },
  },
  'GET /_mock/requests/{id}': {
    id: 'getRequest',
    tag: 'batches',
    summary: 'One request, and what it was answered',
    path: idInPath,
    answers: { 200: answers('The request', RequestRecord), 404: problem },
  },
  'GET /_mock/requests/{id}/raw': {
    id: 'getRawRequest',
    tag: 'batches',
    summary:
      'The body of a request that was refused and brought no batch, or the first 64 KiB of it: decoded as far as it can be',
    path: idInPath,
    answers: { 200: body, 404: problem },
  },
  'GET /_mock/requests/{id}/sent': {
    id: 'getSentRequest',
    tag: 'batches',
    summary: 'The same as it was sent',
    path: idInPath,
    answers: { 200: body, 404: problem },
  },
})
