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
      { id: Type.String(), generation: Type.Integer() },
      {
        description:
          'The first message: the id of the store, and its generation. When the id changes, the mock was restarted, and ids begin at 1. When the generation is not the one that was sent last, events may have been deleted meanwhile',
      },
    ),
    newest: exact(
      { batches: Type.Array(BatchSummary), requests: Type.Array(RequestSummary) },
      {
        description:
          'Only with the parameter `newest`: the newest batches and requests, newest first, at the start and again after `skipped` and `reset`',
      },
    ),
    events: Type.Array(EventSummary, {
      description:
        'New rows since the last frame, by ascending id; the SSE id is that of the last row',
    }),
    batches: Type.Array(BatchSummary, {
      description: 'Batches that arrived since the last frame, or that changed (`forwarded`)',
    }),
    requests: Type.Array(RequestSummary, {
      description:
        'Requests without a batch that arrived since the last frame, or requests that changed (`durationMs` of one that a fault delayed)',
    }),
    counts: Counts,
    skipped: exact(
      { count: Type.Integer() },
      { description: 'The reader was too slow, or asked for ids that are no longer stored' },
    ),
    evicted: exact(
      { before: Type.Integer() },
      { description: "Events below this id were removed by the store's bound" },
    ),
    heartbeat: exact(
      { at: Type.Integer() },
      {
        description:
          'Every 15 s, besides other messages: a connection without a message for longer is broken',
      },
    ),
    reset: exact(
      { applicationId: textOrNull(), generation: Type.Integer() },
      {
        description:
          'Events were deleted: those of one application, or all when null. The generation of the store is another one since',
      },
    ),
    faults: Type.Array(Fault),
  } satisfies Record<(typeof STREAM_MESSAGE_NAMES)[number], Type.TSchema>,
  { title: 'StreamMessages' },
)
export type StreamMessages = Type.Static<typeof StreamMessages>
