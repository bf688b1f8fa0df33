import { randomUUID } from 'node:crypto'
import type { MoesifEvent } from '#mock-moesif/index.ts'

/** An event that nothing is to be said against. */
export function sampleEvent(change: Partial<MoesifEvent> = {}): MoesifEvent {
  const now = Date.now()
  return {
    request: {
      time: new Date(now - 5).toISOString(),
      uri: 'https://api.example.com/orders/1?page=2',
      verb: 'GET',
      headers: { accept: 'application/json', 'x-id': 'abc' },
      ip_address: '203.0.113.7',
    },
    response: {
      time: new Date(now).toISOString(),
      status: 200,
      headers: { 'content-type': 'application/json' },
      body: { total: 3 },
    },
    user_id: 'u1',
    company_id: 'acme',
    transaction_id: randomUUID(),
    ...change,
  }
}

export function withStatus(status: number, change: Partial<MoesifEvent> = {}): MoesifEvent {
  const event = sampleEvent(change)
  return { ...event, response: { ...event.response!, status } }
}

export function withUri(uri: string, change: Partial<MoesifEvent> = {}): MoesifEvent {
  const event = sampleEvent(change)
  return { ...event, request: { ...event.request, uri } }
}

interface PostOptions {
  app?: string | null
  headers?: Record<string, string>
}

/** Posts a document as a client of Moesif would; strings and bytes go as they are. */
export function post(
  url: string,
  document: unknown,
  { app = 'app', headers = {} }: PostOptions = {},
): Promise<Response> {
  const raw = typeof document === 'string' || document instanceof Uint8Array
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(app === null ? {} : { 'x-moesif-application-id': app }),
      ...headers,
    },
    body: raw ? (document as BodyInit) : JSON.stringify(document),
  })
}

/** Posts a batch and expects it to be taken. */
export async function send(url: string, events: unknown[], app = 'app'): Promise<void> {
  const response = await post(`${url}/v1/events/batch`, events, { app })
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`)
}
