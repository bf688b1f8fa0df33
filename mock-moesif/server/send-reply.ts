import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import type { Reply, Sink } from '../test-api/reply.ts'
import { endResponse } from './end-response.ts'

export function sendReply(outgoing: ServerResponse, reply: Reply): void {
  const headers: Record<string, string> = {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...reply.headers,
  }
  const { body, stream } = reply
  if (stream) {
    outgoing.writeHead(reply.status, headers)
    return stream(sinkOf(outgoing))
  }
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

const sinkOf = (outgoing: ServerResponse): Sink => ({
  write: (bytes) => void outgoing.write(bytes),
  get unread() {
    return outgoing.writableLength
  },
  onCaughtUp: (listener) => void outgoing.on('drain', listener),
  onClose: (listener) => void outgoing.on('close', listener),
  end: () => void outgoing.end(),
})
