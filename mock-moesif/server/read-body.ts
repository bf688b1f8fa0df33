import type { IncomingMessage } from 'node:http'
import { BodyBudget, type BodyLease } from '../collector/body-budget.ts'
import { HttpError } from '../collector/http-error.ts'
import { BadCall } from '../test-api/bad-call.ts'

/** An import is as large as an export; no other body is nearly as large. */
const MAX_BODY_BYTES = 256 * 1024 * 1024
/** One import of the largest kind at a time. */
const budget = new BodyBudget(MAX_BODY_BYTES)

/** Memory for the body of one call, to be released when it is answered. */
export const leaseBody = (): BodyLease => budget.lease()

export async function readBody(incoming: IncomingMessage, lease: BodyLease): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let size = 0
  let held = Number(incoming.headers['content-length'] ?? 64 * 1024)
  if (held > MAX_BODY_BYTES) throw tooLarge()
  try {
    await lease.hold(held)
    for await (const chunk of incoming.iterator({ destroyOnReturn: false })) {
      size += (chunk as Buffer).byteLength
      if (size > MAX_BODY_BYTES) throw tooLarge()
      if (size > held) await lease.hold((held = Math.min(MAX_BODY_BYTES, held * 2)))
      chunks.push(chunk as Buffer)
    }
  } catch (error) {
    if (error instanceof HttpError) throw new BadCall(error.message, { status: error.status })
    throw error
  }
  return Buffer.concat(chunks)
}

function tooLarge(): BadCall {
  return new BadCall(`The body is over ${MAX_BODY_BYTES} bytes`, { status: 413 })
}
