import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Reply } from '../test-api/reply.ts'

export function sendReply(outgoing: ServerResponse, reply: Reply): void {
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
