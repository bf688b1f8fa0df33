import { setTimeout as delay } from 'node:timers/promises'
import { http, type HttpHandler } from 'msw'
import { ServedRequest } from '../server/served-request.ts'
import type { Arrival } from './arrival.ts'
import type { Answer, Collector } from './collector.ts'
import { tooLarge } from './decode-body.ts'
import { endpoints } from './endpoints.ts'

/** MSW handlers of the collector, for any host and below any base path. */
export function collectorHandlers(collector: Collector): HttpHandler[] {
  return endpoints.map((endpoint) =>
    http.all(`*${endpoint.path}`, async ({ request }) => {
      const answer = await collector.receive(endpoint, arrivalOf(request))
      return answerTo(request, answer)
    }),
  )
}

export function arrivalOf(request: Request): Arrival {
  const url = new URL(request.url)
  const headers =
    request instanceof ServedRequest ? request.plainHeaders : Object.fromEntries(request.headers)
  const arrival: Arrival = {
    method: request.method,
    path: url.pathname + url.search,
    headers,
    applicationId: headers['x-moesif-application-id']?.trim() ?? null,
    readBody: (limit) => readBody(request, limit),
    wait: (ms) => delay(ms, undefined, { signal: request.signal }).catch(() => {}),
  }
  if (request instanceof ServedRequest)
    arrival.throttle = (bytesPerSecond) => request.throttle(bytesPerSecond)
  return arrival
}

async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  if (request instanceof ServedRequest) return request.read(limit)
  const body = new Uint8Array(await request.arrayBuffer())
  if (body.byteLength > limit) throw tooLarge(limit)
  return body
}

async function answerTo(request: Request, answer: Answer): Promise<Response> {
  if (answer.connection && !(request instanceof ServedRequest)) {
    if (answer.connection === 'no-response') await gone(request.signal)
    return Response.error()
  }
  if (answer.connection === 'reset') return Response.error()
  if (answer.connection && request instanceof ServedRequest) request.breakOff = answer.connection
  const empty = answer.body === '' || request.method === 'HEAD'
  return new Response(empty ? null : answer.body, {
    status: answer.status,
    headers: answer.headers,
  })
}

/** Settles when the client gives up. */
function gone(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
