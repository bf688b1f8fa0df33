import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Reply } from '../test-api/reply.ts'
import { endResponse } from './end-response.ts'

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
  if (body === undefined && reply.json !== undefined) headers['content-type'] = 'application/json'
  endResponse(outgoing, reply.status, headers, body ?? JSON.stringify(reply.json))
}
