import { MetricKind } from '../abi/constants'
import { defineMetric, incrementMetric, recordMetric } from '../abi/metric'
import { utf8 } from '../memory/span'

const FETCHED = utf8('moesif_documents_fetched_total')
const FAILED = utf8('moesif_documents_failed_total')
const INVALID_RULES = utf8('moesif_governance_invalid_rules')

/** Fetches of `/v1/config` and `/v1/rules`, and what is wrong with the rules. */
@unmanaged
export class DocumentMetrics {
  private fetches: u32 = defineMetric(MetricKind.Counter, FETCHED)
  private failures: u32 = defineMetric(MetricKind.Counter, FAILED)
  private invalid: u32 = defineMetric(MetricKind.Gauge, INVALID_RULES)

  /** A document came, or is what was here already. */
  fetched(): void {
    incrementMetric(this.fetches, 1)
  }

  failed(): void {
    incrementMetric(this.failures, 1)
  }

  /** Rules of the document in use that were left out, or have a condition that is never met. */
  invalidRules(count: u32): void {
    recordMetric(this.invalid, count)
  }

  free(): void {
    heap.free(changetype<usize>(this))
  }
}
