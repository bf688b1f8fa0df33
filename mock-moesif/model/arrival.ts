import { Type } from 'typebox'
import { exact, integerOrNull, mapOf, nullOr, textOrNull } from './shapes.ts'

/** The result of forwarding a batch. */
export const Forwarded = exact(
  {
    url: Type.String(),
    answer: integerOrNull({ description: 'Status of the answer; null without one' }),
    error: textOrNull({ description: 'Why it was not forwarded' }),
    durationMs: Type.Integer(),
  },
  { title: 'Forwarded' },
)
export type Forwarded = Type.Static<typeof Forwarded>

/** One accepted or refused POST of events. */
export const BatchSummary = exact(
  {
    id: Type.Integer(),
    requestId: Type.Integer(),
    applicationId: Type.String(),
    receivedAt: Type.Integer({ description: 'Unix ms' }),
    eventCount: Type.Integer(),
    firstEventId: integerOrNull({ description: 'Null when nothing was stored' }),
    lastEventId: integerOrNull(),
    encoding: Type.String({ description: 'identity, gzip, deflate, br' }),
    wireBytes: Type.Integer({ description: 'Bytes of the body as sent, compressed or not' }),
    decodedBytes: Type.Integer(),
    answer: integerOrNull({
      description: 'Status; null when a fault reset the connection, or left it without an answer',
    }),
    fault: textOrNull(),
    retryOf: integerOrNull({
      description: 'An earlier batch that carried the same first transaction_id',
    }),
    forwarded: nullOr(Forwarded),
  },
  { title: 'BatchSummary' },
)
export type BatchSummary = Type.Static<typeof BatchSummary>

/** Any request to the collector, accepted or not. */
export const RequestSummary = exact(
  {
    id: Type.Integer(),
    receivedAt: Type.Integer({ description: 'Unix ms' }),
    applicationId: textOrNull(),
    method: Type.String(),
    path: Type.String({ description: 'With its query' }),
    headers: mapOf(Type.String()),
    wireBytes: Type.Integer(),
    answer: integerOrNull(),
    fault: textOrNull(),
    durationMs: Type.Number(),
    bodyKept: nullOr(
      Type.Enum(['whole', 'start', 'unread', 'dropped'], {
        description:
          'Of the body of a request that was refused and brought no batch: all of it, its start, nothing because it was never read, or nothing any more. Null when there is none to keep',
      }),
    ),
  },
  { title: 'RequestSummary' },
)
export type RequestSummary = Type.Static<typeof RequestSummary>

/** The start of a body, or all of it. */
export interface BodyStart {
  bytes: Uint8Array
  isWhole: boolean
}
