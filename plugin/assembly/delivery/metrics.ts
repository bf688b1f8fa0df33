import { MetricKind } from '../abi/constants'
import { defineMetric, incrementMetric, recordMetric } from '../abi/metric'
import { utf8 } from '../abi/span'

/** Why an event will never reach the collector. In metric names, and in docs/metrics.md. */
export const enum DropReason {
  QueueFull,
  Rejected,
  Expired,
  Shutdown,
  TooLarge,
  Memory,
}

/** How many reasons there are. */
const REASONS: u32 = 6

const CAPTURED = utf8('moesif_events_captured_total')
const SENT = utf8('moesif_events_sent_total')
const UNCONFIRMED = utf8('moesif_events_unconfirmed_total')
const PENDING = utf8('moesif_events_pending')
const DROPPED_QUEUE_FULL = utf8('moesif_events_dropped_queue_full_total')
const DROPPED_REJECTED = utf8('moesif_events_dropped_rejected_total')
const DROPPED_EXPIRED = utf8('moesif_events_dropped_expired_total')
const DROPPED_SHUTDOWN = utf8('moesif_events_dropped_shutdown_total')
const DROPPED_TOO_LARGE = utf8('moesif_events_dropped_too_large_total')
const DROPPED_MEMORY = utf8('moesif_events_dropped_memory_total')
const BATCHES_SENT = utf8('moesif_batches_sent_total')
const BATCHES_RETRIED = utf8('moesif_batches_retried_total')
const UPLOAD_BYTES = utf8('moesif_upload_bytes_total')
const BATCH_LATENCY = utf8('moesif_batch_latency_ms')
const HEARTBEAT = utf8('moesif_heartbeat_total')
const CONFIGURATION_INVALID = utf8('moesif_configuration_invalid')

/**
 * The metrics of one root context, all defined at once so that each is there, as 0, before anything happens.
 * Envoy adds up the workers. `captured = sent + unconfirmed + dropped + pending` whenever no callback is running:
 * each method that moves events moves them from one term to another.
 *
 * New events are in two terms, captured and pending (or dropped, when there is no place for them): they reach the host
 * together, once a tick rather than one by one, since two host calls an event cost more than most of what is done with it.
 * Before events that it knows of move to another term, or a collector can hear of them, they go first.
 */
@unmanaged
export class Metrics {
  /** Captured events that the host has not been told of. */
  private untold: u32 = 0
  /** Those of them that found no place, by reason. */
  private turnedAway: usize = heap.alloc(REASONS * 4)
  private turnedAwayInAll: u32 = 0
  private capturedEvents: u32 = defineMetric(MetricKind.Counter, CAPTURED)
  private sentEvents: u32 = defineMetric(MetricKind.Counter, SENT)
  /** @note a gauge in spite of its name: an answer that comes after all takes its events out again. */
  private unconfirmedEvents: u32 = defineMetric(MetricKind.Gauge, UNCONFIRMED)
  private pendingEvents: u32 = defineMetric(MetricKind.Gauge, PENDING)
  private queueFull: u32 = defineMetric(MetricKind.Counter, DROPPED_QUEUE_FULL)
  private rejected: u32 = defineMetric(MetricKind.Counter, DROPPED_REJECTED)
  private expired: u32 = defineMetric(MetricKind.Counter, DROPPED_EXPIRED)
  private shutdown: u32 = defineMetric(MetricKind.Counter, DROPPED_SHUTDOWN)
  private tooLarge: u32 = defineMetric(MetricKind.Counter, DROPPED_TOO_LARGE)
  private memory: u32 = defineMetric(MetricKind.Counter, DROPPED_MEMORY)
  private batchesSent: u32 = defineMetric(MetricKind.Counter, BATCHES_SENT)
  private batchesRetried: u32 = defineMetric(MetricKind.Counter, BATCHES_RETRIED)
  private uploadBytes: u32 = defineMetric(MetricKind.Counter, UPLOAD_BYTES)
  private batchLatency: u32 = defineMetric(MetricKind.Histogram, BATCH_LATENCY)
  private heartbeats: u32 = defineMetric(MetricKind.Counter, HEARTBEAT)
  private invalid: u32 = defineMetric(MetricKind.Gauge, CONFIGURATION_INVALID)

  constructor() {
    memory.fill(this.turnedAway, 0, REASONS * 4)
  }

  free(): void {
    heap.free(this.turnedAway)
    heap.free(changetype<usize>(this))
  }

  captured(events: u32): void {
    this.untold += events
  }

  /** Events that were captured just now, and for which there is no place. */
  turnAway(events: u32, reason: DropReason): void {
    const count = this.turnedAway + reason * 4
    store<u32>(count, load<u32>(count) + events)
    this.turnedAwayInAll += events
  }

  /** Tells the host what was captured since the last time. */
  tell(): void {
    if (this.untold == 0) return
    incrementMetric(this.capturedEvents, this.untold)
    incrementMetric(this.pendingEvents, this.untold - this.turnedAwayInAll)
    this.untold = 0
    if (this.turnedAwayInAll == 0) return
    this.turnedAwayInAll = 0
    for (let reason: u32 = 0; reason < REASONS; reason++) {
      incrementMetric(this.counterOf(reason), load<u32>(this.turnedAway + reason * 4))
    }
    memory.fill(this.turnedAway, 0, REASONS * 4)
  }

  sent(events: u32, wereUnconfirmed: bool): void {
    this.tell()
    incrementMetric(this.sentEvents, events)
    this.settle(events, wereUnconfirmed)
  }

  dropped(events: u32, reason: DropReason, wereUnconfirmed: bool): void {
    this.tell()
    incrementMetric(this.counterOf(reason), events)
    this.settle(events, wereUnconfirmed)
  }

  /** Sent with the last words, or in flight then: nobody may be left to hear the answer. */
  unconfirmed(events: u32): void {
    this.tell()
    incrementMetric(this.unconfirmedEvents, events)
    incrementMetric(this.pendingEvents, -(<i64>events))
  }

  /** Unconfirmed events that somebody tries again after all. */
  pendingAgain(events: u32): void {
    this.tell()
    incrementMetric(this.pendingEvents, events)
    incrementMetric(this.unconfirmedEvents, -(<i64>events))
  }

  /** A batch was answered 2xx so long after it had been handed to the host. */
  batchSent(latencyMs: u64): void {
    incrementMetric(this.batchesSent, 1)
    recordMetric(this.batchLatency, latencyMs)
  }

  batchRetried(): void {
    incrementMetric(this.batchesRetried, 1)
  }

  uploaded(bytes: u32): void {
    this.tell()
    incrementMetric(this.uploadBytes, bytes)
  }

  heartbeat(): void {
    incrementMetric(this.heartbeats, 1)
  }

  /** @note recorded, not added up: 1 is what an alert compares with, and the throw-away VM that tries out a configuration never takes its share back. */
  configurationInvalid(invalid: bool): void {
    recordMetric(this.invalid, invalid ? 1 : 0)
  }

  private settle(events: u32, wereUnconfirmed: bool): void {
    const gauge = wereUnconfirmed ? this.unconfirmedEvents : this.pendingEvents
    incrementMetric(gauge, -(<i64>events))
  }

  private counterOf(reason: DropReason): u32 {
    switch (reason) {
      case DropReason.QueueFull:
        return this.queueFull
      case DropReason.Rejected:
        return this.rejected
      case DropReason.Expired:
        return this.expired
      case DropReason.Shutdown:
        return this.shutdown
      case DropReason.TooLarge:
        return this.tooLarge
      default:
        return this.memory
    }
  }
}
