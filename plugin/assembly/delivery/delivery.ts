import { monotonicMs } from '../abi/clock'
import { proxyDone } from '../abi/done'
import { Options, QueueOverflow } from '../config/options'
import { Span } from '../memory/span'
import { Batch, BatchState, batchWeight } from './batch'
import { Destination } from './destination'
import { DropReason } from './drop-reason'
import { Heartbeat } from './heartbeat'
import { composeFinalBatch } from './final-batch'
import { Metrics } from './metrics'
import { DeliveryLog } from './delivery-log'
import { OpenBatch } from './open-batch'
import { Queue } from './queue'
import { Sender } from './sender'

/** The longest age of an open batch while nothing can be sent: an unreachable collector must not lead to many small batches. */
const LONGEST_OPEN_MS: u64 = 30_000

/** After the final flush the wait ends this long after the call's own timeout. */
const FINAL_GRACE_MS: u64 = 1000

/**
 * Delivers the events of one root context to the collector: open batch, queue, sender. Bytes come in by `add`, time by
 * `tick`, answers by `answered`. Its memory is bounded by the options.
 */
@unmanaged
export class Delivery {
  readonly destination: Destination
  private open: OpenBatch = new OpenBatch()
  private queue: Queue
  private log: DeliveryLog
  private sender: Sender
  private heartbeat: Heartbeat = new Heartbeat()
  /** After `done`: nothing is sent any more. */
  private ending: bool
  /** Nothing is left to wait for after `done`. */
  over: bool
  private endsAt: u64

  constructor(
    private options: Options,
    private metrics: Metrics,
  ) {
    const destination = new Destination(options)
    const log = new DeliveryLog(options)
    const queue = new Queue()
    this.queue = queue
    this.destination = destination
    this.log = log
    this.sender = new Sender(options, destination, queue, metrics, log)
  }

  /** Where the JSON of the next event should be written: in the open batch if there is room, otherwise empty. */
  offer(into: Span): void {
    if (this.isFull()) into.clear()
    else this.open.offer(this.mostBytes(), into)
  }

  /** Takes one event's JSON, a copy unless it was written where `offer` said. */
  add(event: Span): void {
    const reason = this.place(event)
    if (reason != null) return this.drop(reason)
    this.metrics.events.captured(1)
    // Without room in the queue the batch stays open and full; the next event is dropped.
    if (this.isFull()) this.sealAndSend(monotonicMs())
  }

  /** A new event that is not sent: counted and logged. */
  drop(reason: DropReason): void {
    this.metrics.events.notPlaced(1, reason)
    this.log.dropped(1, reason, monotonicMs())
  }

  tick(): void {
    const now = monotonicMs()
    this.metrics.events.report()
    if (this.heartbeat.isDue(now)) this.metrics.heartbeat()
    if (this.ending) {
      if (now >= this.endsAt) this.endWait()
      return
    }
    this.sender.retryUnanswered(now)
    this.sender.dropExpired(now)
    this.move(now)
  }

  /** `on_http_call_response`. @param successor see `done` */
  answered(token: u32, successor: Delivery | null): void {
    const now = monotonicMs()
    this.sender.answered(token, now)
    if (!this.ending) {
      this.move(now)
      return
    }
    this.handOver(successor, now)
    if (!this.queue.inFlight) this.endWait()
  }

  /**
   * The root's `on_done`: what is pending goes to the successor, or leaves as one call.
   *
   * @param successor a delivery of this VM that sends to the same destination: after an update of another option, the one that takes
   *   the place of this one
   * @returns false when answers are still to come: `proxy_done` is called when they are here, or should have been
   */
  done(successor: Delivery | null): bool {
    const now = monotonicMs()
    if (this.ending) return false
    this.ending = true
    if (!successor) this.flushAll(now)
    this.handOver(successor, now)
    this.unconfirmInFlight()
    if (!this.queue.inFlight) return true
    this.endsAt = now + this.options.connectionTimeout + FINAL_GRACE_MS
    return false
  }

  /** Whether it can take over what another one has: it still takes events, and sends them to the same destination. */
  canFollow(other: Delivery): bool {
    return !this.ending && this.destination.is(other.destination)
  }

  /** The root is over, or a configuration replaces this one: counts what is left, frees all memory. */
  discard(successor: Delivery | null): void {
    const now = monotonicMs()
    this.metrics.events.report()
    if (!this.ending) {
      this.handOver(successor, now)
      this.unconfirmInFlight()
    }
    let batch = this.queue.first
    while (batch != null) {
      this.sender.forget(batch)
      batch = this.queue.first
    }
    this.open.free()
    this.sender.free()
    this.log.free()
    this.destination.free()
    heap.free(changetype<usize>(this.queue))
    heap.free(changetype<usize>(this.heartbeat))
    heap.free(changetype<usize>(this))
  }

  /** Takes over a batch of a root that ends. */
  takeOver(batch: Batch, now: u64): void {
    if (!this.makeRoom(batch.length, now)) {
      this.log.dropped(batch.events, DropReason.QueueFull, now)
      this.queue.push(batch)
      this.sender.drop(batch, DropReason.QueueFull)
      return
    }
    batch.attempts = 0
    this.queue.insertByAge(batch)
  }

  /** Adds it to the open batch, or returns why not. */
  private place(event: Span): DropReason | null {
    const options = this.options
    if (this.ending) return DropReason.Shutdown
    if (<u64>event.length + 2 > options.queueMaxBytes) return DropReason.TooLarge
    const open = this.open
    if (this.isFull() || !open.fits(event.length, this.mostBytes())) {
      const reason = this.sealAndSend(monotonicMs())
      if (reason != null) return reason
    }
    // Only the first event of a batch has its time taken.
    const now = open.events == 0 ? monotonicMs() : 0
    return open.append(event, this.mostBytes(), now) ? null : DropReason.Memory
  }

  private isFull(): bool {
    const open = this.open
    return open.events >= this.options.batchMaxSize || open.length >= this.mostBytes()
  }

  private mostBytes(): u32 {
    return min(this.options.batchMaxBytes, this.options.queueMaxBytes)
  }

  /** Moves the open batch into the queue, if it has events, or returns why not. */
  private seal(now: u64): DropReason | null {
    if (!this.makeRoom(this.open.length, now)) return DropReason.QueueFull
    const batch = this.open.seal()
    if (batch != null) this.queue.push(batch)
    return null
  }

  private sealAndSend(now: u64): DropReason | null {
    const reason = this.seal(now)
    if (reason == null) this.sender.send(now)
    return reason
  }

  /** Whether `bytes` more may be queued, if necessary after dropping the oldest; if not, nothing is dropped. */
  private makeRoom(bytes: u32, now: u64): bool {
    const most: u64 = this.options.queueMaxBytes
    const needed: u64 = batchWeight(bytes)
    const queue = this.queue
    if (queue.bytes + needed <= most) return true
    // The only batch may be larger than the bound by its head.
    if (!queue.first) return true
    if (this.options.queueOverflow != QueueOverflow.DropOldest) return false
    if (queue.inFlight && queue.bytesInFlight + needed > most) return false
    while (queue.bytes + needed > most && this.dropOldest(now)) continue
    return true
  }

  /** False when none waits. */
  private dropOldest(now: u64): bool {
    const oldest = this.queue.oldestWaiting()
    if (!oldest) return false
    this.log.dropped(oldest.events, DropReason.QueueFull, now)
    this.sender.drop(oldest, DropReason.QueueFull)
    return true
  }

  /** Seals what is old enough, or had found no room, and sends. */
  private move(now: u64): void {
    this.sender.send(now)
    if (!this.isDue(now)) return
    this.sealAndSend(now)
  }

  private isDue(now: u64): bool {
    if (this.open.events == 0) return false
    if (this.isFull()) return true
    const age = now - this.open.startedAt
    if (age < this.options.batchMaxWait) return false
    if (age >= LONGEST_OPEN_MS) return true
    return !this.queue.oldestWaiting() && this.sender.ready(now)
  }

  /** The final flush: all that waits, as one call. */
  private flushAll(now: u64): void {
    const batch = composeFinalBatch(this.queue, this.open, this.options.shutdownMaxBytes)
    if (!batch) return
    this.queue.push(batch)
    this.sender.call(batch, now)
  }

  /** What waits goes to the successor; without one it is lost. */
  private handOver(successor: Delivery | null, now: u64): void {
    let lost = this.emptyQueue(successor, now)
    if (successor != null && this.seal(now) == null) lost += this.emptyQueue(successor, now)
    lost += this.open.events
    this.metrics.events.dropped(this.open.events, DropReason.Shutdown, false)
    this.open.clear()
    if (lost) this.log.dropped(lost, DropReason.Shutdown, now)
  }

  /** Takes what waits out of the queue; returns how many events that lost. */
  private emptyQueue(successor: Delivery | null, now: u64): u32 {
    let lost: u32 = 0
    let batch = this.queue.first
    while (batch != null) {
      const next = batch.next
      if (batch.state == BatchState.Waiting) {
        if (successor != null) this.handOverBatch(batch, successor, now)
        else {
          lost += batch.events
          this.sender.drop(batch, DropReason.Shutdown)
        }
      }
      batch = next
    }
    return lost
  }

  private handOverBatch(batch: Batch, successor: Delivery, now: u64): void {
    this.queue.remove(batch)
    if (batch.unconfirmed) this.metrics.events.pendingAgain(batch.events)
    batch.unconfirmed = false
    successor.takeOver(batch, now)
  }

  private unconfirmInFlight(): void {
    let batch = this.queue.first
    while (batch != null) {
      if (batch.state == BatchState.InFlight) {
        batch.unconfirmed = true
        this.metrics.events.unconfirmed(batch.events)
      }
      batch = batch.next
    }
  }

  private endWait(): void {
    this.over = true
    proxyDone()
  }
}
