import { Type } from 'typebox'
import { exact } from './shapes.ts'

const header = Type.Unsafe<[name: string, value: string]>({
  type: 'array',
  items: { type: 'string' },
  minItems: 2,
  maxItems: 2,
})

/** A request to send to the gateway in front of the mock, and nowhere else. */
export const RequestToSend = exact(
  {
    method: Type.String({ pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$" }),
    target: Type.String({
      pattern: '^/[\\x21-\\x7e]*$',
      description: 'Path and query, sent as they are',
    }),
    headers: Type.Array(header, {
      maxItems: 200,
      description:
        'Headers, sent in this order; `host` is the authority that the gateway routes by',
    }),
    body: Type.Optional(Type.String({ description: 'Base64', contentEncoding: 'base64' })),
  },
  { title: 'RequestToSend' },
)
export type RequestToSend = Type.Static<typeof RequestToSend>

/** What the gateway answered. */
export const SentRequest = exact(
  {
    status: Type.Integer(),
    durationMs: Type.Integer(),
    bodyBytes: Type.Integer(),
    mark: Type.String({
      description: 'Value of the added header `x-mock-moesif-send`, by which its event is found',
    }),
  },
  { title: 'SentRequest' },
)
export type SentRequest = Type.Static<typeof SentRequest>
