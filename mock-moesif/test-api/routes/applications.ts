import type { applicationOperations } from '../../contract/applications.ts'
import { noContent, ok, type Handlers } from '../call.ts'
import { arrayOf, jsonOf } from '../json-text.ts'
import type { Parts } from '../parts.ts'

export function applicationRoutes({
  store,
  faults,
  documents,
  entities,
  forwarding,
}: Parts): Handlers<keyof typeof applicationOperations> {
  return {
    'GET /_mock/applications': () =>
      ok(store.applications().map((id) => ({ applicationId: id, counts: store.counts(id) }))),
    'DELETE /_mock/applications/{id}': ({ path: { id } }) => {
      faults.clear(id)
      documents.reset(id)
      forwarding.remove(id)
      store.clear(id)
      return noContent
    },
    'GET /_mock/counts': ({ query }) => ok(store.counts(query.app)),
    'GET /_mock/type-changes': ({ query }) => ok(store.memberTypes.changes(query.app)),
    'GET /_mock/entities': ({ query }) => ({
      status: 200,
      ...jsonOf(arrayOf(entities.list(query.app, query.kind))),
    }),
  }
}
