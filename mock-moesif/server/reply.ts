import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'

/** An answer of the test API: a document, text or bytes, or a stream of text. */
export interface Reply {
  status: number
  headers?: Record<string, string>
  json?: unknown
  body?: string | Uint8Array | AsyncIterable<string>
}

export function send(outgoing: ServerResponse, reply: Reply): void {
  const headers: Record<string, string> = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...reply.headers,
  }
  const { body } = reply
  if (typeof body === 'object' && Symbol.asyncIterator in body) {
    outgoing.writeHead(reply.status, headers)
    Readable.from(body)
      .on('error', () => outgoing.destroy())
      .pipe(outgoing)
    return
  }
  if (body === undefined && reply.json === undefined) {
    outgoing.writeHead(reply.status, headers)
    outgoing.end()
    return
  }
  if (body === undefined) headers['content-type'] = 'application/json'
  outgoing.writeHead(reply.status, headers)
  outgoing.end(body ?? JSON.stringify(reply.json))
}
