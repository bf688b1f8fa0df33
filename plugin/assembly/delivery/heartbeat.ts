const PERIOD_MS: u64 = 1000

/** One beat a second, whatever the period of the ticks: the rate of beats is the number of roots that tick. */
@unmanaged
export class Heartbeat {
  private dueAt: u64

  isDue(now: u64): bool {
    if (now < this.dueAt) return false
    // Late ticks must not lower the rate; beats missed in a long pause are not caught up.
    this.dueAt = now - this.dueAt < PERIOD_MS ? this.dueAt + PERIOD_MS : now + PERIOD_MS
    return true
  }
}
