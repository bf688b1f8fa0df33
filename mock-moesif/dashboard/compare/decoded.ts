import { headerOf, shapeOf } from '../captured/event-shape.ts'
import { asMembers } from '../captured/members.ts'
import { readBase64 } from '../captured/read-body.ts'

/** An event with those of its base64 bodies as text that are text. */
export function decoded(event: unknown): unknown {
  const shape = shapeOf(event)
  const result = { ...asMembers(event) }
  for (const side of ['request', 'response'] as const) {
    const message = shape[side]
    if (typeof message?.body !== 'string' || message.transferEncoding !== 'base64') continue
    const read = readBase64(message.body, headerOf(message, 'content-type'))
    if (read?.text != null)
      result[side] = { ...asMembers(result[side]), body: read.json ?? read.text }
  }
  return result
}
