import { clearText, setText } from '../memory/owned-text'
import { Span } from '../memory/span'
import { release } from '../memory/store'

/** A body that is held back, is longer than this, and has not grown for this time: Envoy may have stopped reading. */
const STALLED_BYTES: u32 = 16 * 1024
const STALLED_MS: u64 = 250

/** Whether an exchange becomes an event. */
export const enum Keep {
  /** Not decided yet. */
  Open,
  Yes,
  /** Counted already. */
  No,
}

/**
 * What was decided about one exchange, until it ends. It lies within the block of its stream; all zero is its initial state:
 * nothing is decided.
 */
@unmanaged
export class Decision {
  keep: Keep
  /** How many exchanges its event stands for; 0 is 1. */
  weight: u32
  /** The request's body is held back, because a rule looks at it. */
  holds: bool
  /** The body was captured for a rule, not for the event. */
  bodyIsForRules: bool
  /** When bytes last came to a body that is held back, Unix ms. */
  heldAt: u64
  /** Headers for the response: packed by `Reply.pack`, in a block of the store. */
  marks: usize
  /** `blockedBy`, laid out as a Span; the bytes are a copy. */
  private blocker: usize
  private blockerLength: u32

  /** No event is wanted, and no rule has anything more to do. */
  get isSettled(): bool {
    return this.keep == Keep.No && !this.holds && !this.marks
  }

  /** Whether the body that is held back has stopped growing, at this length, though it has not ended. */
  isStalled(length: u32, now: u64): bool {
    return this.holds && length >= STALLED_BYTES && now - this.heldAt >= STALLED_MS
  }

  setBlockedBy(id: Span): void {
    setText(this.blockedBy, id.start, id.length)
  }

  /** Id of the rule that refused the request; empty when none did. */
  get blockedBy(): Span {
    return changetype<Span>(changetype<usize>(this) + offsetof<Decision>('blocker'))
  }

  setMarks(block: usize): void {
    release(this.marks)
    this.marks = block
  }

  /** Frees the memory it owns, not the decision itself. */
  release(): void {
    this.setMarks(0)
    clearText(this.blockedBy)
  }
}
