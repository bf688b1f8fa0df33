import { LogLevel } from '../abi/constants'
import { logLevel } from '../abi/log'
import { utf8 } from '../memory/span'
import { Options } from '../config/options'
import { line } from '../text/log-line'
import { Batch } from './batch'
import { DropReason, dropReasons } from './drop-reason'

/** At most one line of each kind per minute. */
const PAUSE_MS: u64 = 60_000
const NEVER: u64 = u64.MAX_VALUE

/** A shorter outage is not logged: nobody has to act on it. */
const OUTAGE_MS: u64 = 5000

/** Of the application id, no more than this is ever shown; nothing of one so short that this would give it away. */
const SHOWN_OF_ID: u32 = 4
const SHORTEST_SHOWN_ID: u32 = 16

export const enum Outage {
  /** The status is Envoy's own: the collector did not answer. */
  Unreachable,
  /** The status is the collector's. */
  Answered,
  UnknownCluster,
  NoHealthyHost,
  /** The connection broke in the middle of the answer. */
  Broken,
}

/** Events dropped for one reason. */
@unmanaged
class Drops {
  /** When they may be logged again. */
  dueAt: u64
  /** Those since the last line. */
  unlogged: u32
}

/**
 * The log lines of one root context's delivery. With `debug: false` only those that an operator has to act on.
 * Never a payload, an answer's body or more of the application id than its end.
 */
@unmanaged
export class DeliveryLog {
  private outageSince: u64 = NEVER
  private outageDueAt: u64
  private rejectionDueAt: u64
  private drops: usize = heap.alloc(dropReasons() * offsetof<Drops>())

  constructor(private options: Options) {
    memory.fill(this.drops, 0, dropReasons() * offsetof<Drops>())
  }

  free(): void {
    heap.free(this.drops)
    heap.free(changetype<usize>(this))
  }

  /** The collector answers, whatever it says. */
  recovered(): void {
    this.outageSince = NEVER
  }

  outage(kind: Outage, status: u32, now: u64): void {
    if (this.outageSince == NEVER) this.outageSince = now
    if (now - this.outageSince < OUTAGE_MS || now < this.outageDueAt) return
    this.outageDueAt = now + PAUSE_MS
    line.begin(PREFIX)
    if (kind == Outage.UnknownCluster) {
      line.span(UNKNOWN_CLUSTER)
      line.span(this.options.upstream)
      line.span(UNKNOWN_CLUSTER_REMEDY)
    } else {
      line.span(NO_BATCH_FOR)
      line.number((now - this.outageSince) / 1000)
      line.span(SECONDS_THROUGH)
      line.span(this.options.upstream)
      line.span(QUOTE_COLON)
      if (kind == Outage.NoHealthyHost) line.span(NO_HEALTHY_HOST)
      else if (kind == Outage.Broken) line.span(BROKEN)
      else {
        line.span(kind == Outage.Answered ? ANSWERS : UNREACHABLE)
        line.number(status)
        line.span(kind == Outage.Answered ? ANSWERS_REMEDY : UNREACHABLE_REMEDY)
      }
    }
    line.span(EVENTS_WAIT)
    line.write(LogLevel.Warn)
  }

  rejected(events: u32, status: u32, now: u64): void {
    if (now < this.rejectionDueAt) return
    this.rejectionDueAt = now + PAUSE_MS
    line.begin(PREFIX)
    line.span(REJECTED)
    line.number(status)
    line.span(DROPPED)
    line.number(events)
    line.span(STOP)
    if (status == 401 || status == 403) {
      line.span(CHECK_ID)
      this.applicationId()
    } else if (status == 402) line.span(CHECK_SUBSCRIPTION)
    else line.span(DropReason.Rejected.remedy)
    line.write(LogLevel.Error)
  }

  dropped(events: u32, reason: DropReason, now: u64): void {
    const drops = changetype<Drops>(this.drops + reason.number * offsetof<Drops>())
    drops.unlogged += events
    if (now < drops.dueAt) return
    drops.dueAt = now + PAUSE_MS
    line.begin(PREFIX)
    line.span(DROPPED_LINE)
    line.number(drops.unlogged)
    line.span(STOP)
    line.span(reason.remedy)
    line.write(LogLevel.Error)
    drops.unlogged = 0
  }

  /** `debug: true`: one line per batch. */
  answered(batch: Batch, status: u32, now: u64): void {
    if (!this.options.debug || logLevel() > <u32>LogLevel.Info) return
    line.begin(PREFIX)
    line.span(BATCH_OF)
    line.number(batch.events)
    line.span(EVENTS_COMMA)
    line.number(batch.length)
    line.span(BYTES_COMMA)
    if (batch.compressed != 0) {
      line.number(batch.compressedLength)
      line.span(COMPRESSED_COMMA)
    }
    line.span(TRY)
    line.number(batch.attempts)
    line.span(status == 0 ? NO_ANSWER : ANSWERED)
    if (status != 0) line.number(status)
    line.span(AFTER)
    line.number(now - batch.calledAt)
    line.span(MS)
    this.applicationId()
    line.write(LogLevel.Info)
  }

  private applicationId(): void {
    const id = this.options.moesifApplicationId
    if (id.length < SHORTEST_SHOWN_ID) return
    line.span(ID_ENDS)
    line.bytes(id.end - SHOWN_OF_ID, SHOWN_OF_ID)
  }
}

const PREFIX = utf8('moesif: delivery: ')
const UNKNOWN_CLUSTER = utf8('Envoy has no cluster "')
const UNKNOWN_CLUSTER_REMEDY = utf8('": add it, or name an existing one in the option "upstream".')
const NO_BATCH_FOR = utf8('no batch could be delivered for ')
const SECONDS_THROUGH = utf8(' s through cluster "')
const QUOTE_COLON = utf8('": ')
const NO_HEALTHY_HOST = utf8(
  'it has no healthy host, or its circuit breaker is full. Check its endpoints and health checks.',
)
const BROKEN = utf8('the connection breaks in the middle of the answer.')
const UNREACHABLE = utf8('Envoy cannot get an answer and says ')
const UNREACHABLE_REMEDY = utf8(
  '. Check the address and TLS settings of the cluster, the option "connection_timeout", and that the collector is up.',
)
const ANSWERS = utf8('the collector answers ')
const ANSWERS_REMEDY = utf8('. Check the state of the collector.')
const EVENTS_WAIT = utf8(' Events wait in memory and are sent again; logged once a minute at most.')
const REJECTED = utf8('the collector refuses batches with status ')
const DROPPED = utf8('; events dropped: ')
const CHECK_ID = utf8('Check moesif_application_id')
const CHECK_SUBSCRIPTION = utf8('Check that the Moesif subscription is active.')
const DROPPED_LINE = utf8('events dropped: ')
const STOP = utf8('. ')
const BATCH_OF = utf8('batch of ')
const EVENTS_COMMA = utf8(' events, ')
const BYTES_COMMA = utf8(' bytes, ')
const COMPRESSED_COMMA = utf8(' compressed, ')
const TRY = utf8('try ')
const NO_ANSWER = utf8(': no answer')
const ANSWERED = utf8(': answered ')
const AFTER = utf8(' after ')
const MS = utf8(' ms')
const ID_ENDS = utf8('; the application id ends in ')
