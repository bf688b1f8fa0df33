import { Span, utf8 } from '../memory/span'

/** Why an event will never reach the collector. */
export const enum DropReason {
  None,
  QueueFull,
  Rejected,
  Expired,
  Shutdown,
  TooLarge,
  Memory,
}

/** How many numbers there are, `None` included. */
export const DROP_REASONS: u32 = 7

@unmanaged
class DropRow {
  constructor(
    /** The counter, as in docs/metrics.md. */
    public metric: Span,
    /** What the log advises. */
    public remedy: Span,
  ) {}
}

/** In the order of the numbers. */
const ROWS: DropRow[] = [
  new DropRow(utf8(''), utf8('')),
  new DropRow(
    utf8('moesif_events_dropped_queue_full_total'),
    utf8(
      'The queue is full: the collector is not reachable or too slow. If it should bridge longer, raise queue_max_bytes.',
    ),
  ),
  new DropRow(
    utf8('moesif_events_dropped_rejected_total'),
    utf8('Check base_uri and what stands between Envoy and the collector.'),
  ),
  new DropRow(
    utf8('moesif_events_dropped_expired_total'),
    utf8('They waited longer than retry_max_age for a collector that answers.'),
  ),
  new DropRow(
    utf8('moesif_events_dropped_shutdown_total'),
    utf8(
      'Envoy let go of this configuration before they could be sent. Drain before stopping; see docs/delivery.md.',
    ),
  ),
  new DropRow(
    utf8('moesif_events_dropped_too_large_total'),
    utf8(
      'Each alone is larger than the collector or the queue takes. Lower request_max_body_size_limit and response_max_body_size_limit.',
    ),
  ),
  new DropRow(
    utf8('moesif_events_dropped_memory_total'),
    utf8('There is no memory for them. Lower queue_max_bytes.'),
  ),
]

export function dropMetric(reason: DropReason): Span {
  return unchecked(ROWS[reason]).metric
}

export function dropRemedy(reason: DropReason): Span {
  return unchecked(ROWS[reason]).remedy
}
