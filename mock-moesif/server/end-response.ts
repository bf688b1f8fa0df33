import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'

/** Bytes of one request that are read after its answer: more than the largest accepted body. */
const MAX_DISCARDED_BYTES = 256 * 1024 * 1024

/**
 * Sends a whole answer. Where the request is still being sent, its client gets the answer at once, and the response ends when
 * the rest was read and thrown away; the server's `requestTimeout` bounds the time.
 *
 * @note Node closes the connection at the end of a response that says `connection: close`. With bytes unread that is a reset, and
 * a client that is still sending loses the answer.
 */
export function endResponse(
  outgoing: ServerResponse,
  status: number,
  headers: OutgoingHttpHeaders,
  body: string | Uint8Array = '',
): void {
  const { req: incoming } = outgoing
  const all = { ...headers }
  if (incoming.method !== 'HEAD' && status !== 204 && status !== 304)
    all['content-length'] = Buffer.byteLength(body)
  if (Number(incoming.headers['content-length']) > MAX_DISCARDED_BYTES) all['connection'] = 'close'
  outgoing.writeHead(status, all)
  if (incoming.complete) return void outgoing.end(body)
  if (body.length > 0) outgoing.write(body)
  else outgoing.flushHeaders()
  incoming.once('end', () => outgoing.end())
  discard(incoming, () => incoming.socket.destroy())
}

/** Reads and discards the rest; `close` is called when it exceeds the largest accepted body. */
export function discard(source: Readable, close: () => void): void {
  let discarded = 0
  source.on('data', (chunk: Buffer) => {
    discarded += chunk.byteLength
    if (discarded > MAX_DISCARDED_BYTES) close()
  })
}
