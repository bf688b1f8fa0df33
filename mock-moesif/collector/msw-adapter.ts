import { setTimeout as delay } from 'node:timers/promises'
import { http, type HttpHandler } from 'msw'
import type { Answer } from './answer.ts'
import type { Arrival } from './arrival.ts'
import type { Collector } from './collector.ts'
import { endpoints } from './endpoints.ts'

/** Between MSW and the collector: makes an arrival of a request, and a response of an answer. */
export interface Adapter {
  arrivalOf(request: Request): Arrival
  responseTo(request: Request, answer: Answer): Response | Promise<Response>
}

/** MSW handlers of the collector, for any host and below any base path. */
export function collectorHandlers(collector: Collector, adapter: Adapter): HttpHandler[] {
  return endpoints.map((endpoint) =>
    http.all(`*${endpoint.path}`, async ({ request }) => {
      const answer = await collector.receive(endpoint, adapter.arrivalOf(request))
      return adapter.responseTo(request, answer)
    }),
  )
}

/** The parts of an arrival that do not depend on where it came from. */
export function headOf(
  request: Request,
  headers: Record<string, string>,
): Pick<Arrival, 'method' | 'path' | 'headers' | 'applicationId' | 'wait'> {
  const url = new URL(request.url)
  return {
    method: request.method,
    path: url.pathname + url.search,
    headers,
    applicationId: headers['x-moesif-application-id']?.trim() ?? null,
    wait: (ms) => delay(ms, undefined, { signal: request.signal }).catch(() => {}),
  }
}

export function plainResponse(request: Request, answer: Answer): Response {
  const empty = answer.body === '' || request.method === 'HEAD'
  return new Response(empty ? null : answer.body, {
    status: answer.status,
    headers: answer.headers,
  })
}
