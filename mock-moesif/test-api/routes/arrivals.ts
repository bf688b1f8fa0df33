import { applicationOf, idOf, pagingOf } from '../arguments.ts'
import type { Parts } from '../parts.ts'
import { BadCall, type Route } from '../router.ts'

export function arrivalRoutes({ arrivals }: Parts): Route[] {
  return [
    {
      method: 'GET',
      path: '/_mock/batches',
      handle: ({ search }) => ({
        status: 200,
        json: arrivals.batches(applicationOf(search), pagingOf(search)),
      }),
    },
    {
      method: 'GET',
      path: '/_mock/batches/{id}',
      handle: ({ params }) => ({
        status: 200,
        json: arrivals.batch(idOf(params['id'])) ?? missing('Batch', params['id']),
      }),
    },
    {
      method: 'GET',
      path: '/_mock/batches/{id}/raw',
      handle: ({ params }) => ({
        status: 200,
        headers: { 'content-type': 'application/octet-stream' },
        body: arrivals.batchBody(idOf(params['id'])) ?? missing('Batch', params['id']),
      }),
    },
    {
      method: 'GET',
      path: '/_mock/requests',
      handle: ({ search }) => ({
        status: 200,
        json: arrivals.requests(applicationOf(search), pagingOf(search)),
      }),
    },
    {
      method: 'GET',
      path: '/_mock/requests/{id}',
      handle: ({ params }) => ({
        status: 200,
        json: arrivals.request(idOf(params['id'])) ?? missing('Request', params['id']),
      }),
    },
  ]
}

function missing(what: string, id: string | undefined): never {
  throw new BadCall(`${what} ${id} is not here: it never was, or the bound has dropped it`, {
    status: 404,
  })
}
