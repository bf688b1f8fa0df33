import { Type } from 'typebox'
import { BatchSummary, RequestSummary } from '../model/arrival.ts'
import { Counts } from '../model/counts.ts'
import { EventSummary } from '../model/event.ts'
import { Fault } from '../model/fault.ts'
import { exact, textOrNull } from '../model/shapes.ts'
import type { STREAM_MESSAGE_NAMES } from './stream-message-names.ts'

/** Messages of `GET /_mock/events/stream`: the name of a server-sent event, and its data. */
export const StreamMessages = exact(
  {
    store: exact(
      { id: Type.String() },
      {
        description:
          'First of all: whose ids these are. Another id than before: a mock that starts anew, with ids from 1',
      },
    ),
    newest: exact(
      { batches: Type.Array(BatchSummary), requests: Type.Array(RequestSummary) },
      {
        description:
          'For who asks with `newest`: the newest of both, newest first, at the start and again after `skipped` and `reset`',
      },
    ),
    events: Type.Array(EventSummary, {
      description: 'A frame of new rows, ascending ids; the SSE id is the last row',
    }),
    batches: Type.Array(BatchSummary, {
      description:
        'Batches that arrived since the last frame, or of which more is known (`forwarded`)',
    }),
    requests: Type.Array(RequestSummary, {
      description:
        'Requests that brought no batch, or of which more is known (`durationMs` of one that a fault held back)',
    }),
    counts: Counts,
    skipped: exact(
      { count: Type.Integer() },
      { description: 'The reader was too slow, or asked for ids that are no longer stored' },
    ),
    evicted: exact(
      { before: Type.Integer() },
      { description: 'Events below this id were dropped by the bound' },
    ),
    heartbeat: exact(
      { at: Type.Integer() },
      {
        description:
          'Every 15 s, whatever else is sent: a connection without a message for longer is broken',
      },
    ),
    reset: exact(
      { applicationId: textOrNull() },
      { description: 'Events were deleted: of one application, or all when null' },
    ),
    faults: Type.Array(Fault),
  } satisfies Record<(typeof STREAM_MESSAGE_NAMES)[number], Type.TSchema>,
  { title: 'StreamMessages' },
)
export type StreamMessages = Type.Static<typeof StreamMessages>
