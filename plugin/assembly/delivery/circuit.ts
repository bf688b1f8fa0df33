import { backoffMs } from '../collector/backoff'

/**
 * Whether the collector may be called. Closed: yes. After a failure it is open: nothing until the backoff is over, then
 * one probe; the probe's answer closes it, or opens it for longer.
 *
 * Calls that were in flight when it opened belong to an older generation: their answers do not count.
 */
@unmanaged
export class Circuit {
  private failures: u32
  private notBefore: u64
  private probing: bool
  generation: u32

  get open(): bool {
    return this.failures != 0
  }

  admits(now: u64): bool {
    return this.failures == 0 || (now >= this.notBefore && !this.probing)
  }

  /** A call is given to the host. */
  called(): void {
    this.probing = this.failures != 0
  }

  /** The collector answered, whatever it answered. Returns whether this closed the circuit. */
  succeeded(generation: u32): bool {
    if (generation != this.generation || this.failures == 0) return false
    this.failures = 0
    return true
  }

  /**
   * The collector could not be reached, or asked for a pause.
   *
   * @param retryAfterMs the pause that it asked for; 0 when it named none
   */
  failed(generation: u32, now: u64, retryAfterMs: u32, random: u32): void {
    if (generation != this.generation) {
      this.notBefore = max(this.notBefore, now + retryAfterMs)
      return
    }
    this.failures++
    this.generation++
    this.probing = false
    this.notBefore = now + (retryAfterMs ? retryAfterMs : backoffMs(this.failures, random))
  }
}
