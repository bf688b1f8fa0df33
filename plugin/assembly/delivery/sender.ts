import { Status } from '../abi/constants'
import { Token, httpCall } from '../abi/http-call'
import { randomBytes } from '../abi/random'
import { Options } from '../config/options'
import {
  Verdict,
  answeredByCollector,
  answeredPause,
  answeredStatus,
  verdictOn,
} from '../collector/answer'
import { Batch, BatchState, bodyOf, freeBatch, memoryOf } from './batch'
import { Circuit } from './circuit'
import { compressBatch } from './compression'
import { Destination } from './destination'
import { DropReason } from './drop-reason'
import { Metrics } from './metrics'
import { DeliveryLog, Outage } from './delivery-log'
import { Queue } from './queue'
import { splitInHalf } from './split'

/** Two: the next batch need not wait for an answer, and a connection is soon idle again for the final flush. */
const MOST_CALLS_IN_FLIGHT: u32 = 2

/** The host answers every call at the latest after its timeout; should it not, the batch is tried again this much later. */
const ANSWER_GRACE_MS: u64 = 5000

/** A bad event is found in some seven halvings of a batch of 100. A collector that takes nothing is not asked about each one. */
const MOST_HALVINGS: u32 = 64
const HALVINGS_PERIOD_MS: u64 = 60_000

const random = memory.data(4)
const called = new Token()

/** Sends batches of the queue to the collector, and removes them when they are delivered or dropped. */
@unmanaged
export class Sender {
  circuit: Circuit = new Circuit()
  /** Batches halved because of a bad event, in the period that began then. */
  private halvings: u32
  private halvingsSince: u64

  constructor(
    private options: Options,
    private destination: Destination,
    private queue: Queue,
    private metrics: Metrics,
    private log: DeliveryLog,
  ) {}

  free(): void {
    heap.free(changetype<usize>(this.circuit))
    heap.free(changetype<usize>(this))
  }

  ready(now: u64): bool {
    return this.queue.inFlight < MOST_CALLS_IN_FLIGHT && this.circuit.admits(now)
  }

  /** Sends what may be sent now. */
  send(now: u64): void {
    while (this.ready(now)) {
      const batch = this.circuit.open ? this.queue.probe() : this.queue.oldestWaiting()
      if (!batch || !this.call(batch, now)) return
    }
  }

  /** False when the host refused the call: the batch stays in the queue, and no answer will come. */
  call(batch: Batch, now: u64): bool {
    if (this.options.enableCompression) {
      const before = memoryOf(batch)
      compressBatch(batch)
      this.queue.resize(before, batch)
    }
    const compressed = batch.compressed != 0
    const body = compressed ? batch.compressed : bodyOf(batch)
    const length = compressed ? batch.compressedLength : batch.length
    const headers = this.destination.headers(compressed)
    const status = httpCall(
      this.destination.clusterName,
      headers.blob,
      headers.length,
      body,
      length,
      this.options.connectionTimeout,
      called,
    )
    batch.attempts++
    batch.calledAt = now
    batch.generation = this.circuit.generation
    if (status != Status.Ok) {
      const kind = status == Status.BadArgument ? Outage.UnknownCluster : Outage.NoHealthyHost
      this.failed(batch, kind, 0, 0, now)
      return false
    }
    this.circuit.called()
    batch.token = called.value
    this.queue.setState(batch, BatchState.InFlight)
    this.metrics.uploaded(length)
    return true
  }

  /** The answer to a call of ours; others are ignored, and so is one that comes after it had been given up. */
  answered(token: u32, now: u64): void {
    const batch = this.queue.calledWith(token)
    if (!batch) return
    this.queue.setState(batch, BatchState.Waiting)
    const status = answeredStatus()
    this.log.answered(batch, status, now)
    const verdict = verdictOn(status)
    if (verdict == Verdict.Retry) {
      let kind = Outage.Broken
      if (status != 0) kind = answeredByCollector() ? Outage.Answered : Outage.Unreachable
      this.failed(batch, kind, status, answeredPause(), now)
      return
    }
    if (this.circuit.succeeded(batch.generation) || !this.circuit.open) this.log.recovered()
    if (verdict == Verdict.Accepted) this.accepted(batch, now)
    else if (verdict == Verdict.TooLarge) this.tooLarge(batch, now)
    else if (verdict != Verdict.BadEvent || !this.halveInSearch(batch, now)) {
      this.log.rejected(batch.events, status, now)
      this.drop(batch, DropReason.Rejected)
    }
  }

  /** Retries batches whose answer is overdue. */
  retryUnanswered(now: u64): void {
    const patience = <u64>this.options.connectionTimeout + ANSWER_GRACE_MS
    let batch = this.queue.first
    while (batch != null) {
      if (batch.state == BatchState.InFlight && now - batch.calledAt >= patience) {
        this.queue.setState(batch, BatchState.Waiting)
        this.failed(batch, Outage.Broken, 0, 0, now)
      }
      batch = batch.next
    }
  }

  dropExpired(now: u64): void {
    const oldest = this.options.retryMaxAge
    let batch = this.queue.first
    while (batch && now - batch.startedAt >= oldest) {
      const next = batch.next
      if (batch.state == BatchState.Waiting) {
        this.log.dropped(batch.events, DropReason.Expired, now)
        this.drop(batch, DropReason.Expired)
      }
      batch = next
    }
  }

  /** Removes it from the queue; the caller counts its events in another term of the sum. */
  drop(batch: Batch, reason: DropReason): void {
    this.metrics.events.dropped(batch.events, reason, batch.unconfirmed)
    this.forget(batch)
  }

  forget(batch: Batch): void {
    this.queue.remove(batch)
    freeBatch(batch)
  }

  private accepted(batch: Batch, now: u64): void {
    this.metrics.events.sent(batch.events, batch.unconfirmed)
    this.metrics.batchSent(now - batch.calledAt)
    this.forget(batch)
  }

  private tooLarge(batch: Batch, now: u64): void {
    if (this.halve(batch)) return
    const reason = batch.events > 1 ? DropReason.Memory : DropReason.TooLarge
    this.log.dropped(batch.events, reason, now)
    this.drop(batch, reason)
  }

  /** Halves it because one of its events is bad, if that was not done too often of late. */
  private halveInSearch(batch: Batch, now: u64): bool {
    if (now - this.halvingsSince >= HALVINGS_PERIOD_MS) {
      this.halvingsSince = now
      this.halvings = 0
    }
    if (this.halvings >= MOST_HALVINGS || !this.halve(batch)) return false
    this.halvings++
    return true
  }

  /** Two batches in the place of one; false when it has but one event, or there is no memory for it. */
  private halve(batch: Batch): bool {
    const before = memoryOf(batch)
    const half = splitInHalf(batch)
    if (!half) return false
    this.queue.resize(before, batch)
    this.queue.insertAfter(batch, half)
    batch.attempts = 0
    this.metrics.batchRetried()
    return true
  }

  private failed(batch: Batch, kind: Outage, status: u32, pauseMs: u32, now: u64): void {
    this.metrics.batchRetried()
    randomBytes(random, 4)
    this.circuit.failed(batch.generation, now, pauseMs, load<u32>(random))
    this.log.outage(kind, status, now)
  }
}
