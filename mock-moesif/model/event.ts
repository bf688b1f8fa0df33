import { Type } from 'typebox'
import { exact, integerOrNull, textOrNull } from './shapes.ts'

export const Verdict = Type.Enum(['good', 'warning', 'bad'])
export type Verdict = Type.Static<typeof Verdict>

/** One finding about an event: an error or a warning. */
export const Finding = exact(
  {
    severity: Type.Enum(['error', 'warning']),
    pointer: Type.String({ description: "JSON pointer into the event, '' for the whole event" }),
    message: Type.String(),
  },
  { title: 'Finding' },
)
export type Finding = Type.Static<typeof Finding>

/** A row of the live list: everything but bodies and headers. */
export const EventSummary = exact(
  {
    id: Type.Integer({
      description: 'Ascends by arrival, unique in one mock; also the id of the stream.',
    }),
    applicationId: Type.String(),
    batchId: Type.Integer(),
    receivedAt: Type.Integer({ description: 'When the collector received it, Unix ms' }),
    time: integerOrNull({
      description: 'request.time, Unix ms; null when it is absent or no time',
    }),
    verb: textOrNull(),
    uri: textOrNull(),
    status: integerOrNull(),
    durationMs: integerOrNull({ description: 'response.time - request.time' }),
    userId: textOrNull(),
    companyId: textOrNull(),
    direction: textOrNull(),
    weight: Type.Integer({
      description: 'How many exchanges the event represents; 1 when it has no valid weight',
    }),
    blockedBy: textOrNull({ description: 'The governance rule that refused the call' }),
    route: textOrNull({
      description: 'The path with numbers, UUIDs, hashes and dates replaced: /orders/:id',
    }),
    transactionId: textOrNull(),
    size: Type.Integer({ description: 'Bytes of JSON as received, decoded' }),
    verdict: Verdict,
    duplicateOf: integerOrNull({
      description: 'First event with the same transaction_id; null when this is the first',
    }),
  },
  { title: 'EventSummary' },
)
export type EventSummary = Type.Static<typeof EventSummary>

/** An event with its contents and findings. */
export const EventRecord = exact(
  { ...EventSummary.properties, event: Type.Unknown(), findings: Type.Array(Finding) },
  { title: 'EventRecord' },
)
export type EventRecord = Type.Static<typeof EventRecord>
