/**
 * The shapes of the test API under `/_mock/`: what the server answers, what the client and the dashboard read.
 * Times are ISO-8601 UTC with milliseconds unless a name ends in `Ms` (milliseconds) or `At` with type number (Unix ms).
 */

export type Verdict = 'good' | 'warning' | 'bad'

/** One remark of the judgement on an event: `pointer` is a JSON pointer into the event, `''` for the whole. */
export interface Finding {
  severity: 'error' | 'warning'
  pointer: string
  message: string
}

/** A row of the live list: everything but bodies and headers. */
export interface EventSummary {
  /** Sequence number, ascending by arrival, unique per mock; also the SSE id. */
  id: number
  applicationId: string
  batchId: number
  /** When the collector received it, Unix ms. */
  receivedAt: number
  /** `request.time` as Unix ms, null when absent or unreadable. */
  time: number | null
  verb: string | null
  uri: string | null
  status: number | null
  /** `response.time - request.time` in ms. */
  durationMs: number | null
  userId: string | null
  companyId: string | null
  direction: string | null
  transactionId: string | null
  /** Bytes of the event's JSON as received (decoded). */
  size: number
  verdict: Verdict
  /** Id of the first event with the same transaction_id, null when this is the first. */
  duplicateOf: number | null
}

/** `GET /_mock/events/{id}` */
export interface EventRecord extends EventSummary {
  event: unknown
  findings: Finding[]
}

/** One accepted or refused POST of events. */
export interface BatchSummary {
  id: number
  requestId: number
  applicationId: string
  receivedAt: number
  eventCount: number
  /** First and last event id; null when nothing was stored. */
  firstEventId: number | null
  lastEventId: number | null
  /** `identity`, `gzip`, `deflate`, `br`. */
  encoding: string
  /** Bytes on the wire and after decoding. */
  wireBytes: number
  decodedBytes: number
  /** Status answered, null when the connection was reset or left without an answer (a fault). */
  answer: number | null
  fault: string | null
  /** Id of an earlier batch that carried the same first transaction_id. */
  retryOf: number | null
  /** What another collector answered, when forwarding is on. */
  forwarded: Forwarded | null
}

/** How passing a batch on went: `answer` is null when there was none, `error` says why. */
export interface Forwarded {
  url: string
  answer: number | null
  error: string | null
  durationMs: number
}

/** Any request to the collector, whatever became of it. */
export interface RequestSummary {
  id: number
  receivedAt: number
  applicationId: string | null
  method: string
  path: string
  headers: Record<string, string>
  wireBytes: number
  answer: number | null
  fault: string | null
  durationMs: number
}

export interface Page<T> {
  items: T[]
  /** All matches, not only this page; null when the call was `uncounted`. */
  total: number | null
  /** Pass as `before` (newest first) or `after` (oldest first) for the next page, null at the end. */
  next: number | null
}

export interface Counts {
  /** Events held now. */
  events: number
  /** Events ever received, duplicates included. */
  received: number
  unique: number
  duplicates: number
  good: number
  warning: number
  bad: number
  /** Dropped by the store's bound, oldest first. */
  evicted: number
  batches: number
  requests: number
  bytes: number
}

export interface NearMiss {
  event: EventSummary
  /** The conditions of the filter that this event does not meet. */
  failed: { condition: string; actual: string }[]
}

/** Answer of `events/await`: 200 when met, 422 on time-out. */
export interface AwaitAnswer {
  met: boolean
  count: number
  expected: number
  waitedMs: number
  events: EventRecord[]
  nearest: NearMiss[]
}

/** What a fault does to a request of the collector. Without `remaining`/`probability` it holds for every request. */
export interface FaultSpec {
  /** Only requests of this application; default all. */
  applicationId?: string
  /** Path glob below the base path, e.g. `/v1/events/*`; default all collector paths. */
  route?: string
  status?: number
  retryAfter?: string | number
  /** Fixed ms, or uniformly random between two. */
  delayMs?: number | [number, number]
  /** `before-read`: connection reset before the body is read; `after-read`: after; `half-response`; `no-response`: left open. */
  connection?: 'reset-before-read' | 'reset-after-read' | 'half-response' | 'no-response'
  /** Read the request body at this many bytes per second. */
  throttleBytesPerSecond?: number
  /** 0..1 */
  probability?: number
  /** Only the next N requests. */
  remaining?: number
  /** Removed by itself after this many ms. */
  expiresInMs?: number
}

export interface Fault extends FaultSpec {
  id: number
  createdAt: number
  /** Unix ms, null when it never expires. */
  expiresAt: number | null
  hits: number
}

/** What is known of the gateway in front of this mock; counters are read from Envoy's admin at each GET. */
export interface Gateway {
  listenerUrl: string
  adminUrl: string
  /** Plugin options as configured; the application id shortened to its last 4 characters. */
  options: Record<string, unknown>
  envoyVersion: string | null
  reachable: boolean
  /** e.g. `moesif_events_captured_total` -> 12; empty when unreachable. */
  counters: Record<string, number>
}

/** Messages of `events/stream` (SSE event name -> data). */
export interface StreamMessages {
  /** First of all: whose ids these are. Another id than before: a mock that starts anew, with ids from 1. */
  store: { id: string }
  /** A frame of new rows, ascending ids; the SSE id is the last row's. */
  events: EventSummary[]
  /** Batches that arrived since the last frame, or of which more is known (`forwarded`). */
  batches: BatchSummary[]
  counts: Counts
  /** The reader was too slow, or asked for ids that are gone. */
  skipped: { count: number }
  /** Events below this id were dropped by the bound. */
  evicted: { before: number }
  /** Every 15 s, whatever else is told: a connection that is silent for longer is dead. */
  heartbeat: { at: number }
  /** Events were deleted (reset): of one application, or all when null. */
  reset: { applicationId: string | null }
  faults: Fault[]
}

/** `POST /_mock/verify`: how many events match, or in which order. */
export interface VerifySpec {
  applicationId?: string
  filter?: string
  count?: number
  atLeast?: number
  atMost?: number
  /** Filters, each to be met by an event after the one that met the filter before. */
  order?: string[]
}

export interface VerifyAnswer {
  met: boolean
  /** Why not, in a sentence. */
  message: string
  count: number
  nearest: NearMiss[]
}
