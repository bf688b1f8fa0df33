import { MetricKind } from '../abi/constants'
import { defineMetric, incrementMetric } from '../abi/metric'
import { utf8 } from '../memory/span'

const BLOCKED = utf8('moesif_governance_blocked_total')
const MARKED = utf8('moesif_governance_marked_total')
const FAILED_OPEN = utf8('moesif_governance_failed_open_total')

/** Counts of what governance did with requests; reported to the host once a tick. */
@unmanaged
export class GovernanceMetrics {
  private blockedMetric: u32 = defineMetric(MetricKind.Counter, BLOCKED)
  private markedMetric: u32 = defineMetric(MetricKind.Counter, MARKED)
  private failedOpenMetric: u32 = defineMetric(MetricKind.Counter, FAILED_OPEN)
  private blockedCount: u32
  private markedCount: u32
  private failedOpenCount: u32

  blocked(): void {
    this.blockedCount++
  }

  marked(): void {
    this.markedCount++
  }

  /** A request that passed because it could not be judged. */
  failedOpen(): void {
    this.failedOpenCount++
  }

  report(): void {
    incrementMetric(this.blockedMetric, this.blockedCount)
    incrementMetric(this.markedMetric, this.markedCount)
    incrementMetric(this.failedOpenMetric, this.failedOpenCount)
    this.blockedCount = 0
    this.markedCount = 0
    this.failedOpenCount = 0
  }

  free(): void {
    heap.free(changetype<usize>(this))
  }
}
