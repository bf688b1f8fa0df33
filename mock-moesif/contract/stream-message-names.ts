/** Messages of `GET /_mock/events/stream`, for readers who must subscribe to each by its name. */
export const STREAM_MESSAGE_NAMES = [
  'store',
  'newest',
  'events',
  'batches',
  'requests',
  'counts',
  'faults',
  'skipped',
  'evicted',
  'reset',
  'heartbeat',
] as const
