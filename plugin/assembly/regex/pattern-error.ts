import { Span, utf8 } from '../memory/span'

/** What is wrong with a pattern, and where: the byte, counted from 0, that cannot be read on from. */
@unmanaged
export class PatternError {
  position: u32
  /** Continues a sentence: `no group is open`. */
  reason: Span = TOO_LARGE

  set(position: u32, reason: Span): void {
    this.position = position
    this.reason = reason
  }

  free(): void {
    heap.free(changetype<usize>(this))
  }
}

export const TOO_LARGE = utf8('the pattern is too large')
export const NO_MEMORY = utf8('there is no memory for the pattern')
export const NO_UTF8 = utf8('the pattern is not UTF-8')
export const NESTED = utf8('groups are nested too deep')
export const OPEN_GROUP = utf8('a group is not closed')
export const NO_GROUP = utf8('no group is open')
export const OPEN_CLASS = utf8('a character class is not closed')
export const EMPTY_CLASS = utf8('RE2 and JavaScript disagree about an empty character class')
export const POSIX_CLASS = utf8('POSIX character classes are not supported')
export const NO_RANGE = utf8('this is not a range of characters')
export const NOTHING_TO_REPEAT = utf8('there is nothing to repeat')
export const REPEAT_BACKWARDS = utf8('a repeat ends before it begins')
export const REPEAT_TOO_OFTEN = utf8('a repeat counts to 1000 at most')
export const LOOKAROUND = utf8('look-ahead and look-behind are not supported')
export const BACK_REFERENCE = utf8('back references are not supported')
export const UNKNOWN_GROUP = utf8('this kind of group is not supported')
export const UNKNOWN_ESCAPE = utf8('this escape is not supported')
export const OPEN_ESCAPE = utf8('the pattern ends in a backslash')
export const HALF_PAIR = utf8('half a surrogate pair is not a character')
