import type { MoesifRequest, MoesifResponse } from '#mock-moesif/index.ts'
import type { Played } from './exchange-scene.ts'

export const typed = (type: string) => [['content-type', type]] as const
export const JSON_TYPE = typed('application/json')

/**
 * The bytes that the event's body stands for: decoded base64, a text as UTF-8, or the JSON.
 *
 * @throws Error when there is no body
 */
export function bodyBytes(side: MoesifRequest | MoesifResponse | null | undefined): Buffer {
  const body = side?.body as unknown
  if (body === undefined || body === null) throw new Error('The event has no body')
  if (typeof body !== 'string') return Buffer.from(JSON.stringify(body))
  return Buffer.from(body, side?.transfer_encoding === 'base64' ? 'base64' : 'utf8')
}

/** For `look`: the bytes of the body of one side. */
export const bytesOf = (side: 'request' | 'response') => (played: Played) =>
  bodyBytes(played.event[side])
