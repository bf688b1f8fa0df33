import { KEPT_BYTES, type Arrival } from './arrival.ts'
import { tooLarge } from './decode-body.ts'
import { headOf, plainResponse, type Adapter } from './msw-adapter.ts'

/** For requests that never were on a wire: those that `msw/node` intercepts. A lost connection is a network error there. */
export const fetchAdapter: Adapter = {
  arrivalOf: (request) => ({
    ...headOf(request, Object.fromEntries(request.headers)),
    hasBody: request.body !== null,
    ...bodyOf(request),
  }),
  async responseTo(request, answer) {
    if (answer.connection === 'no-response') await aborted(request.signal)
    return answer.connection ? Response.error() : plainResponse(request, answer)
  },
}

function bodyOf(request: Request): Pick<Arrival, 'readBody' | 'bodyStart'> {
  let reading: Promise<Uint8Array> | undefined
  const read = () => (reading ??= request.arrayBuffer().then((body) => new Uint8Array(body)))
  return {
    async readBody(limit) {
      const body = await read()
      if (body.byteLength > limit) throw tooLarge(limit)
      return body
    },
    async bodyStart() {
      const body = await read()
      return { bytes: body.slice(0, KEPT_BYTES), isWhole: body.byteLength <= KEPT_BYTES }
    },
  }
}

/** Settles when the client gives up. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
