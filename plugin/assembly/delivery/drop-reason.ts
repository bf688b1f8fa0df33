import { Span, utf8 } from '../memory/span'

let made: u32
let latest: DropReason | null

/** Every reason why an event is dropped, each with its counter and its text for the log. */
@unmanaged
export class DropReason {
  /** Counted from 0. */
  readonly number: u32
  /** The one before; null for the first. */
  readonly before: DropReason | null

  static readonly QueueFull: DropReason = new DropReason(
    utf8('moesif_events_dropped_queue_full_total'),
    utf8(
      'The queue is full: the collector is not reachable or too slow. If it should bridge longer, raise queue_max_bytes.',
    ),
  )
  static readonly Rejected: DropReason = new DropReason(
    utf8('moesif_events_dropped_rejected_total'),
    utf8('Check base_uri and what stands between Envoy and the collector.'),
  )
  static readonly Expired: DropReason = new DropReason(
    utf8('moesif_events_dropped_expired_total'),
    utf8('They waited longer than retry_max_age for a collector that answers.'),
  )
  static readonly Shutdown: DropReason = new DropReason(
    utf8('moesif_events_dropped_shutdown_total'),
    utf8(
      'Envoy let go of this configuration before they could be sent. Drain before stopping; see docs/delivery.md.',
    ),
  )
  static readonly TooLarge: DropReason = new DropReason(
    utf8('moesif_events_dropped_too_large_total'),
    utf8(
      'Each alone is larger than Moesif, the collector or the queue takes. Lower request_max_body_size_limit and response_max_body_size_limit.',
    ),
  )
  static readonly Memory: DropReason = new DropReason(
    utf8('moesif_events_dropped_memory_total'),
    utf8(
      'There is no memory for them, or for the headers of requests in progress. Lower queue_max_bytes.',
    ),
  )

  private constructor(
    /** The counter, as in docs/metrics.md. */
    readonly metric: Span,
    /** What the log advises. */
    readonly remedy: Span,
  ) {
    this.number = made++
    this.before = latest
    latest = this
  }
}

/** How many there are. */
export function dropReasons(): u32 {
  return made
}

/** The others are `before` it. */
export function lastDropReason(): DropReason | null {
  return latest
}
