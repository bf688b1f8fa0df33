import type { arrivalOperations } from '../../contract/arrivals.ts'
import { notHeld } from '../bad-call.ts'
import { ok, type Handlers } from '../call.ts'
import type { Parts } from '../parts.ts'
import { pagingOf } from '../selection.ts'

export function arrivalRoutes({ arrivals }: Parts): Handlers<keyof typeof arrivalOperations> {
  return {
    'GET /_mock/batches': ({ query }) => ok(arrivals.batches(query.app, pagingOf(query))),
    'GET /_mock/batches/{id}': ({ path: { id } }) => ok(arrivals.batch(id) ?? notHeld('Batch', id)),
    'GET /_mock/batches/{id}/raw': ({ path: { id } }) => ({
      status: 200,
      headers: { 'content-type': 'application/octet-stream' },
      body: arrivals.batchBody(id) ?? notHeld('Batch', id),
    }),
    'GET /_mock/batches/{id}/sent': ({ path: { id } }) => ({
      status: 200,
      headers: {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="batch-${id}"`,
      },
      body: arrivals.sentBody(id) ?? notHeld('Batch', id),
    }),
    'GET /_mock/requests': ({ query }) => ok(arrivals.requests(query.app, pagingOf(query))),
    'GET /_mock/requests/{id}': ({ path: { id } }) =>
      ok(arrivals.request(id) ?? notHeld('Request', id)),
  }
}
