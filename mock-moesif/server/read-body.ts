import type { IncomingMessage } from 'node:http'
import { BadCall } from '../test-api/bad-call.ts'

/** Import takes what export gave; nothing else is nearly as large. */
const MAX_BODY_BYTES = 256 * 1024 * 1024

export async function readBody(incoming: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
    size += (chunk as Buffer).byteLength
    if (size > MAX_BODY_BYTES)
      throw new BadCall(`The body is over ${MAX_BODY_BYTES} bytes`, { status: 413 })
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}
