import { MetricKind } from '../abi/constants'
import { defineMetric, incrementMetric, recordMetric } from '../abi/metric'
import { utf8 } from '../memory/span'
import { EventCounts } from './event-counts'

const BATCHES_SENT = utf8('moesif_batches_sent_total')
const BATCHES_RETRIED = utf8('moesif_batches_retried_total')
const UPLOAD_BYTES = utf8('moesif_upload_bytes_total')
const BATCH_LATENCY = utf8('moesif_batch_latency_ms')
const HEARTBEAT = utf8('moesif_heartbeat_total')
const SKIPPED = utf8('moesif_exchanges_skipped_total')
const CONFIGURATION_INVALID = utf8('moesif_configuration_invalid')

/**
 * The metrics of one root context, all defined at once so that each is there, as 0, before anything happens.
 * Envoy adds up the workers.
 */
@unmanaged
export class Metrics {
  events: EventCounts = new EventCounts()
  private batchesSent: u32 = defineMetric(MetricKind.Counter, BATCHES_SENT)
  private batchesRetried: u32 = defineMetric(MetricKind.Counter, BATCHES_RETRIED)
  private uploadBytes: u32 = defineMetric(MetricKind.Counter, UPLOAD_BYTES)
  private batchLatency: u32 = defineMetric(MetricKind.Histogram, BATCH_LATENCY)
  private heartbeats: u32 = defineMetric(MetricKind.Counter, HEARTBEAT)
  private skippedMetric: u32 = defineMetric(MetricKind.Counter, SKIPPED)
  private skippedCount: u32
  private invalid: u32 = defineMetric(MetricKind.Gauge, CONFIGURATION_INVALID)

  free(): void {
    this.events.free()
    heap.free(changetype<usize>(this))
  }

  /** A batch was answered 2xx, this long after it had been given to the host. */
  batchSent(latencyMs: u64): void {
    incrementMetric(this.batchesSent, 1)
    recordMetric(this.batchLatency, latencyMs)
  }

  batchRetried(): void {
    incrementMetric(this.batchesRetried, 1)
  }

  uploaded(bytes: u32): void {
    // An event is in the sum before a collector can receive it.
    this.events.report()
    incrementMetric(this.uploadBytes, bytes)
  }

  /** An exchange excluded by the option `skip`: it is in no sum, since nothing was captured. Reported to the host once a tick. */
  skipped(): void {
    this.skippedCount++
  }

  reportSkipped(): void {
    incrementMetric(this.skippedMetric, this.skippedCount)
    this.skippedCount = 0
  }

  heartbeat(): void {
    incrementMetric(this.heartbeats, 1)
  }

  /** @note recorded, not added up: 1 is what an alert compares with, and the throw-away VM that tries out a configuration never takes its share back. */
  configurationInvalid(invalid: bool): void {
    recordMetric(this.invalid, invalid ? 1 : 0)
  }
}
