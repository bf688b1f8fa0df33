import { Http3 } from '../capture/http3'
import { SkipRules } from '../conditions/skip-rules'
import { Options } from '../config/options'
import { GovernanceMetrics } from '../decision/governance-metrics'
import { Delivery } from '../delivery/delivery'
import { Metrics } from '../delivery/metrics'
import { DocumentMetrics } from '../documents/document-metrics'
import { Documents } from '../documents/documents'
import { RootFacts } from '../facts/root-facts'

/**
 * One root context: a configuration and what was captured under it. Two filters with one `vm_id` share a VM, so
 * nothing of this is global.
 */
@unmanaged
export class RootContext {
  next: RootContext | null
  /** Null while capturing is off. */
  options: Options | null
  /** Null where nothing is to be skipped. */
  skipRules: SkipRules | null
  delivery: Delivery | null
  /** Null where neither sampling nor governance is wanted. */
  documents: Documents | null
  /** Null until the first configuration. */
  metrics: Metrics | null
  governanceMetrics: GovernanceMetrics | null
  documentMetrics: DocumentMetrics | null
  /** Streams that still refer to it: a root may end before its last stream. */
  streams: u32
  ended: bool
  /** When it was configured or had a stream, by the monotonic clock; see configuration-gauge.ts. */
  seenAt: u64
  hasNewStream: bool
  readonly facts: RootFacts = new RootFacts()
  readonly http3: Http3 = new Http3()

  constructor(public id: u32) {}

  free(): void {
    const metrics = this.metrics
    if (metrics != null) metrics.free()
    const governance = this.governanceMetrics
    if (governance != null) governance.free()
    const documents = this.documentMetrics
    if (documents != null) documents.free()
    this.facts.free()
    heap.free(changetype<usize>(this.http3))
    heap.free(changetype<usize>(this))
  }
}
