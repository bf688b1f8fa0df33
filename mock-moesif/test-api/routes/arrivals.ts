import { decodeKept } from '../../collector/decode-body.ts'
import type { arrivalOperations } from '../../contract/arrivals.ts'
import type { BatchRecord, RequestRecord } from '../../model/arrival.ts'
import type { EncodedBody } from '../../store/arrival-search.ts'
import { notHeld } from '../bad-call.ts'
import { ok, type Handlers } from '../call.ts'
import type { Parts } from '../parts.ts'
import type { Reply } from '../reply.ts'
import { pagingOf } from '../selection.ts'

export function arrivalRoutes({ arrivals }: Parts): Handlers<keyof typeof arrivalOperations> {
  const refused = (id: number) => arrivals.refusedBody(id) ?? notHeld('The body of request', id)
  return {
    'GET /_mock/batches': ({ query }) => ok(arrivals.batches(query.app, pagingOf(query))),
    'GET /_mock/batches/{id}': async ({ path: { id } }) => {
      const batch = arrivals.batch(id) ?? notHeld('Batch', id)
      const isRefused = batch.answer !== null && batch.answer >= 400
      const { encoding } = batch
      const body = isRefused && { bytes: arrivals.sentBody(id)!, encoding, isWhole: true }
      return ok({
        ...batch,
        answered: arrivals.answered(batch.requestId),
        decodeProblem: await decodeProblem(body || undefined),
      } satisfies BatchRecord)
    },
    'GET /_mock/batches/{id}/raw': ({ path: { id } }) =>
      bytesOf(arrivals.batchBody(id) ?? notHeld('Batch', id)),
    'GET /_mock/batches/{id}/sent': ({ path: { id } }) =>
      bytesOf(arrivals.sentBody(id) ?? notHeld('Batch', id), `batch-${id}`),
    'GET /_mock/requests': ({ query }) => ok(arrivals.requests(query.app, pagingOf(query))),
    'GET /_mock/requests/{id}': async ({ path: { id } }) =>
      ok({
        ...(arrivals.request(id) ?? notHeld('Request', id)),
        answered: arrivals.answered(id),
        decodeProblem: await decodeProblem(arrivals.refusedBody(id)),
      } satisfies RequestRecord),
    'GET /_mock/requests/{id}/raw': async ({ path: { id } }) => {
      return bytesOf((await decodeKept(refused(id))).bytes)
    },
    'GET /_mock/requests/{id}/sent': ({ path: { id } }) =>
      bytesOf(refused(id).bytes, `request-${id}`),
  }
}

async function decodeProblem(body: EncodedBody | undefined): Promise<string | null> {
  return body ? (await decodeKept(body)).problem : null
}

function bytesOf(body: Uint8Array, filename?: string): Reply & { status: 200 } {
  return {
    status: 200,
    headers: {
      'content-type': 'application/octet-stream',
      ...(filename !== undefined && {
        'content-disposition': `attachment; filename="${filename}"`,
      }),
    },
    body,
  }
}
