import type { RequestAnswer, RequestSummary } from '../model/arrival.ts'
import type { Finding, Verdict } from '../model/event.ts'
import type { BatchTypes } from './member-types.ts'

export interface ArrivedRequest extends Omit<RequestSummary, 'id'> {
  /** What is kept of its answer. */
  answered?: RequestAnswer | undefined
}

/** An event that was judged, and where it stands in the body of its batch. */
export interface ArrivedEvent {
  time: number | null
  verb: string | null
  uri: string | null
  status: number | null
  durationMs: number | null
  userId: string | null
  companyId: string | null
  direction: string | null
  weight: number
  blockedBy: string | null
  route: string | null
  transactionId: string | null
  offset: number
  size: number
  verdict: Verdict
  findings: Finding[]
}

export interface ArrivedBatch {
  applicationId: string
  encoding: string
  /** What is kept as raw: decoded, or as it came when it can't be decoded. */
  body: Uint8Array
  /** As it was sent, where that was decoded. */
  wire?: Uint8Array
  eventCount: number
  firstTransactionId: string | null
  events: ArrivedEvent[]
  /** The transaction_ids of events that are not stored. */
  refusedTransactionIds?: string[]
  /** What its events met for the first time, when they were compared with earlier ones. */
  types?: BatchTypes
}
