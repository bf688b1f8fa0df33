import { MetricKind } from '../abi/constants'
import { defineMetric, incrementMetric } from '../abi/metric'
import { utf8 } from '../memory/span'
import { DropReason, dropReasons, lastDropReason } from './drop-reason'

/** The terms of the sum. */
const enum Term {
  /** Every event: the left side of the sum. */
  Captured,
  Pending,
  Unconfirmed,
  Sent,
  /** Not wanted by Moesif. */
  SampledOut,
  /** The first of the dropped ones: the number of the reason is added. */
  Dropped,
}

function terms(): u32 {
  return Term.Dropped + dropReasons()
}

const CAPTURED = utf8('moesif_events_captured_total')
const PENDING = utf8('moesif_events_pending')
const UNCONFIRMED = utf8('moesif_events_unconfirmed_total')
const SAMPLED_OUT = utf8('moesif_events_sampled_out_total')
const SENT = utf8('moesif_events_sent_total')

/** A metric, and its change that is not yet reported to the host. */
@unmanaged
class Count {
  change: i64
  metric: u32
}

/**
 * `captured = sent + unconfirmed + dropped + sampled out + pending`, in Envoy's metrics: the one place that changes them. An event enters
 * the sum once, by `captured`, `notPlaced` or `sampledOut`, and is moved from one term to another afterwards, so no order of calls can
 * break the sum.
 *
 * New events reach the host together, once a tick rather than one by one, since two host calls an event cost more than most of
 * what is done with it. Everything else is reported at once, and with it what had waited.
 */
@unmanaged
export class EventCounts {
  private counts: usize = heap.alloc(terms() * offsetof<Count>())

  constructor() {
    memory.fill(this.counts, 0, terms() * offsetof<Count>())
    this.of(Term.Captured).metric = defineMetric(MetricKind.Counter, CAPTURED)
    this.of(Term.Pending).metric = defineMetric(MetricKind.Gauge, PENDING)
    // A gauge despite its name: a late answer takes its events out again.
    this.of(Term.Unconfirmed).metric = defineMetric(MetricKind.Gauge, UNCONFIRMED)
    this.of(Term.Sent).metric = defineMetric(MetricKind.Counter, SENT)
    this.of(Term.SampledOut).metric = defineMetric(MetricKind.Counter, SAMPLED_OUT)
    let reason = lastDropReason()
    while (reason != null) {
      this.of(Term.Dropped + reason.number).metric = defineMetric(MetricKind.Counter, reason.metric)
      reason = reason.before
    }
  }

  free(): void {
    heap.free(this.counts)
    heap.free(changetype<usize>(this))
  }

  /** New events that have their place in a batch. */
  captured(events: u32): void {
    this.enter(Term.Pending, events)
  }

  /** New events for which there is no place. */
  notPlaced(events: u32, reason: DropReason): void {
    this.enter(Term.Dropped + reason.number, events)
  }

  /** New events that Moesif does not want. */
  sampledOut(events: u32): void {
    this.enter(Term.SampledOut, events)
  }

  sent(events: u32, wereUnconfirmed: bool): void {
    this.move(wereUnconfirmed ? Term.Unconfirmed : Term.Pending, Term.Sent, events)
  }

  dropped(events: u32, reason: DropReason, wereUnconfirmed: bool): void {
    this.move(
      wereUnconfirmed ? Term.Unconfirmed : Term.Pending,
      Term.Dropped + reason.number,
      events,
    )
  }

  /** Sent with the final flush, or in flight then: no root context may be left to receive the answer. */
  unconfirmed(events: u32): void {
    this.move(Term.Pending, Term.Unconfirmed, events)
  }

  /** Unconfirmed events that are sent again after all. */
  pendingAgain(events: u32): void {
    this.move(Term.Unconfirmed, Term.Pending, events)
  }

  /** Brings the host's metrics up to date. */
  report(): void {
    for (let term: u32 = 0; term < terms(); term++) {
      const count = this.of(term)
      incrementMetric(count.metric, count.change)
      count.change = 0
    }
  }

  private enter(term: u32, events: u32): void {
    this.of(Term.Captured).change += events
    this.of(term).change += events
  }

  private move(from: u32, to: u32, events: u32): void {
    this.of(from).change -= events
    this.of(to).change += events
    this.report()
  }

  private of(term: u32): Count {
    return changetype<Count>(this.counts + term * offsetof<Count>())
  }
}
