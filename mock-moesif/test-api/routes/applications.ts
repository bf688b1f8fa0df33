import type { EntityKind } from '../../collector/endpoints.ts'
import { applicationOf } from '../arguments.ts'
import type { Parts } from '../parts.ts'
import { BadCall, type Route } from '../router.ts'

const KINDS = new Set(['users', 'companies', 'subscriptions', 'actions'])

export function applicationRoutes({
  store,
  faults,
  documents,
  entities,
  forwarding,
}: Parts): Route[] {
  return [
    {
      method: 'GET',
      path: '/_mock/applications',
      handle: () => ({
        status: 200,
        json: store.applications().map((id) => ({ applicationId: id, counts: store.counts(id) })),
      }),
    },
    {
      method: 'DELETE',
      path: '/_mock/applications/{id}',
      handle: ({ params }) => {
        const id = params['id']!
        faults.clear(id)
        documents.reset(id)
        forwarding.remove(id)
        store.clear(id)
        return { status: 204 }
      },
    },
    {
      method: 'GET',
      path: '/_mock/counts',
      handle: ({ search }) => ({ status: 200, json: store.counts(applicationOf(search)) }),
    },
    {
      method: 'GET',
      path: '/_mock/entities',
      handle: ({ search }) => {
        const kind = search.get('kind') ?? undefined
        if (kind !== undefined && !KINDS.has(kind))
          throw new BadCall(`kind is one of ${[...KINDS].join(', ')}, not "${kind}"`)
        return {
          status: 200,
          json: entities.list(applicationOf(search), kind as EntityKind | undefined),
        }
      },
    },
  ]
}
