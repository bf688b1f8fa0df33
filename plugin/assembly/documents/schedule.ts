import { randomBelow } from '../random/random'
import { backoffMs } from '../collector/backoff'

/** The first fetches of gateways that start together are spread over this time. */
const START_SPREAD_MS: u32 = 5000
/** The fetches of those that see a new tag together. */
const TAG_SPREAD_MS: u32 = 3000
/** Minimum time between two fetches. */
const PAUSE_MS: u64 = 3000
/** Without tags a document is fetched again after this time, plus or minus a sixth. */
const PERIOD_MS: u32 = 60_000
const JITTER_MS: u32 = 20_000
/** While tags confirm the document, it is still fetched after this time. */
const LONGEST_MS: u64 = 600_000
/** How often it is noted that they do. */
const TAG_NOTED_MS: u64 = 20_000
/** An answer is given up this long after its timeout: then another worker may fetch. */
const LEASE_GRACE_MS: u64 = 5000
/** A time further ahead than any of ours was written by a clock that has since been set back. */
const ABSURD_MS: u64 = 3_600_000

/**
 * When a document is fetched, for all workers of a process; stored in their shared data. Times are Unix ms.
 */
@unmanaged
export class Schedule {
  /** Counts the documents that were taken. */
  generation: u32
  /** Of the document and the tag before it. */
  bytes: u32
  failures: u32
  /** A worker is fetching; should it crash, this time ends its lease. */
  leaseUntil: u64
  dueAt: u64
  /** When it was last fetched, or found unchanged. */
  confirmedAt: u64
  /** When a batch's answer last carried the tag that is here. */
  tagSeenAt: u64
  askedAt: u64
  /** Of the document that is here. */
  tag: u64
  /** A tag that was asked for, and answered with a document of another. */
  refutedTag: u64
  /** A tag that some batch's answer carried and that leads to an earlier fetch. */
  wantedTag: u64
  /** The one that led to the fetch which is on its way. */
  askedTag: u64

  begin(now: u64): void {
    memory.fill(changetype<usize>(this), 0, SCHEDULE_BYTES)
    this.dueAt = now + randomBelow(START_SPREAD_MS)
  }

  isDue(now: u64): bool {
    if (now < this.leaseUntil && this.leaseUntil < now + ABSURD_MS) return false
    return now >= this.dueAt || this.dueAt > now + ABSURD_MS
  }

  lease(now: u64, timeoutMs: u32): void {
    this.prolong(now, timeoutMs)
    this.askedAt = now
    this.askedTag = this.wantedTag
    this.wantedTag = 0
  }

  /** The answer is here, and its reading takes time. */
  prolong(now: u64, timeoutMs: u32): void {
    this.leaseUntil = now + timeoutMs + LEASE_GRACE_MS
  }

  /** The document is here, or is what was here already. */
  fetched(now: u64, tag: u64): void {
    // One instance of a collector may be behind another: what was asked for in vain is left to time, or it would be fetched again and again.
    if (this.askedTag && this.askedTag != tag) this.refutedTag = this.askedTag
    else if (tag != this.tag) this.refutedTag = 0
    this.tag = tag
    this.askedTag = 0
    this.confirmedAt = now
    this.failures = 0
    this.leaseUntil = 0
    // One that was seen while this answer was on its way: the answer may be older.
    if (this.wantedTag == tag) this.wantedTag = 0
    this.dueAt = this.wantedTag ? this.soon(now) : now + period()
  }

  failed(now: u64): void {
    if (!this.wantedTag) this.wantedTag = this.askedTag
    this.askedTag = 0
    this.failures++
    this.leaseUntil = 0
    this.dueAt = now + PAUSE_MS + backoffMs(this.failures, randomBelow(u32.MAX_VALUE))
  }

  /** A batch's answer carried this tag. True when that changes something. */
  sawTag(tag: u64, now: u64): bool {
    if (tag == this.tag) {
      if (now - this.tagSeenAt < TAG_NOTED_MS) return false
      this.tagSeenAt = now
      return true
    }
    if (tag == this.refutedTag || tag == this.askedTag || tag == this.wantedTag) return false
    this.wantedTag = tag
    this.dueAt = min(this.dueAt, this.soon(now))
    return true
  }

  private soon(now: u64): u64 {
    return max(now, this.askedAt + PAUSE_MS) + randomBelow(TAG_SPREAD_MS)
  }

  /** Recent tags showed that nothing is new: a fetch that is due only by time may wait. */
  mayPutOff(now: u64): bool {
    // What a refuted tag stands for may be here by now.
    if (this.wantedTag || this.refutedTag || this.failures) return false
    if (now - this.confirmedAt >= LONGEST_MS) return false
    return now - this.tagSeenAt < PERIOD_MS
  }

  putOff(now: u64): void {
    this.dueAt = now + period()
  }
}

export const SCHEDULE_BYTES: u32 = offsetof<Schedule>()

function period(): u32 {
  return PERIOD_MS - JITTER_MS / 2 + randomBelow(JITTER_MS)
}
