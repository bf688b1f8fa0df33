import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Router } from '../test-api/router.ts'
import { leaseBody, readBody } from './read-body.ts'
import { sendReply } from './send-reply.ts'

/** Answers a request of the test API that came over a socket. */
export async function serveTestApi(
  router: Router,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const lastEventId = incoming.headers['last-event-id']
  using lease = leaseBody()
  const reply = await router.answer(incoming.method ?? 'GET', incoming.url ?? '/', {
    bytes: () => readBody(incoming, lease),
    signal: closeOf(outgoing),
    lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
  })
  if (!outgoing.destroyed) sendReply(outgoing, reply)
}

function closeOf(outgoing: ServerResponse): AbortSignal {
  const abort = new AbortController()
  outgoing.once('close', () => abort.abort())
  return abort.signal
}
