import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { HostCase, Received } from './host-case.ts'

/** Plays a case over HTTP/1.1. Each chunk of the body is sent when `seen` says that the filter has had those before. */
export async function sendHttp1(
  one: HostCase,
  url: string,
  seen: (chunks: number) => Promise<void>,
): Promise<Received | null> {
  const request = httpRequest(`${url}/${encodeURIComponent(one.name)}`, {
    method: one.body ? 'POST' : 'GET',
    agent: false,
    headers: { host: 'api.example.com', ...one.headers, 'x-script': one.script.join(';') },
  })
  const answer = once(request, 'response') as Promise<[IncomingMessage]>
  request.on('error', () => {})
  for (const [index, chunk] of (one.body ?? []).entries()) {
    if (index > 0) await seen(index)
    request.write(chunk)
  }
  if (!one.body || one.body.length === 1) request.end()
  const [response] = await answer
  const received: Received = { headers: {}, body: '', trailers: {}, complete: false }
  received.headers = {
    ':status': String(response.statusCode),
    ...(response.headers as Record<string, string>),
  }
  response.on('error', () => {})
  response.on('data', (chunk: Buffer) => (received.body += chunk.toString()))
  await new Promise((resolve) => response.once('close', resolve))
  received.complete = response.complete
  request.destroy()
  return received
}
