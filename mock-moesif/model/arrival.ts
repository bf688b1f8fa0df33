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
      description: 'The latest earlier batch that carried the first transaction_id of this one',
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

/** One reason of a refusal. */
const AnswerProblem = exact(
  {
    event: integerOrNull({
      description: 'Place of the event (user, …) in the batch; null for what was not posted as one',
    }),
    pointer: Type.String({ description: "JSON pointer into it, '' for all of it" }),
    message: Type.String(),
  },
  { title: 'AnswerProblem' },
)

/** What a request was answered. */
export const RequestAnswer = exact(
  {
    headers: mapOf(Type.String(), { description: 'Those that the collector set' }),
    body: Type.String({ description: 'Its text, as it was sent' }),
    isWhole: Type.Boolean({
      description: 'Whether that is all of it: no more than 64 KiB are kept',
    }),
    problems: Type.Array(AnswerProblem, {
      description: 'The reasons that the body names; of a long pointer or message the start',
    }),
  },
  { title: 'RequestAnswer' },
)
export type RequestAnswer = Type.Static<typeof RequestAnswer>

const details = {
  answered: nullOr(RequestAnswer),
  decodeProblem: textOrNull({
    description:
      'Why the body could not be decoded, or not to its end; `raw` then has what came before',
  }),
}

/** A request, and what it was answered: kept from status 400 on, and of a fault, unless the connection broke or newer ones took the room. */
export const RequestRecord = exact(
  { ...RequestSummary.properties, ...details },
  { title: 'RequestRecord' },
)
export type RequestRecord = Type.Static<typeof RequestRecord>

/** A batch, and what it was answered. */
export const BatchRecord = exact(
  { ...BatchSummary.properties, ...details },
  { title: 'BatchRecord' },
)
export type BatchRecord = Type.Static<typeof BatchRecord>

/** The start of a body, or all of it. */
export interface BodyStart {
  bytes: Uint8Array
  isWhole: boolean
}
