import { tooLarge } from './decode-body.ts'
import { headOf, plainResponse, type Adapter } from './msw-adapter.ts'

/** For requests that never were on a wire: those that `msw/node` intercepts. A lost connection is a network error there. */
export const fetchAdapter: Adapter = {
  arrivalOf: (request) => ({
    ...headOf(request, Object.fromEntries(request.headers)),
    readBody: (limit) => readBody(request, limit),
  }),
  async responseTo(request, answer) {
    if (answer.connection === 'no-response') await aborted(request.signal)
    return answer.connection ? Response.error() : plainResponse(request, answer)
  },
}

async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const body = new Uint8Array(await request.arrayBuffer())
  if (body.byteLength > limit) throw tooLarge(limit)
  return body
}

/** Settles when the client gives up. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
