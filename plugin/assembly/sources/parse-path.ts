import { Span } from '../memory/span'
import { isDigit } from '../text/ascii'
import { BACKSLASH, CLOSE_BRACKET, DOT, OPEN_BRACKET } from '../text/bytes'
import { TextError } from '../text/text-error'
import { EMPTY_SEGMENT, LONG_PATH, NO_DOT, NO_INDEX } from './reasons'

const MOST_SEGMENTS: u32 = 32

/**
 * Reads `realm_access.roles[0]` up to `end`: writes its segments to `to`, each followed by a NUL, and returns their length;
 * 0 when it is not a path: `error` has the reason, and the place counted from `start`. A backslash escapes a character:
 * `https://example\.com/tenant`.
 */
export function parsePath(start: usize, end: usize, to: usize, error: TextError): u32 {
  const parser = new PathParser(start, end, to)
  const reason = parser.parse()
  const length = <u32>(parser.out - to)
  if (reason != null) error.set(<u32>(parser.at - start), reason)
  heap.free(changetype<usize>(parser))
  return reason == null ? length : 0
}

@unmanaged
class PathParser {
  constructor(
    public at: usize,
    private end: usize,
    public out: usize,
  ) {}

  /** What is wrong with it; null when nothing is. */
  parse(): Span | null {
    let segments: u32 = 0
    while (true) {
      if (!this.member()) return EMPTY_SEGMENT
      segments++
      while (this.at < this.end && load<u8>(this.at) == OPEN_BRACKET) {
        if (!this.element()) return NO_INDEX
        segments++
      }
      if (segments > MOST_SEGMENTS) return LONG_PATH
      if (this.at == this.end) return null
      if (load<u8>(this.at) != DOT) return NO_DOT
      this.at++
    }
  }

  /** What stands before the next dot or bracket; false when that is nothing. */
  private member(): bool {
    const first = this.out
    while (this.at < this.end) {
      let byte = load<u8>(this.at)
      if (byte == DOT || byte == OPEN_BRACKET) break
      if (byte == BACKSLASH && this.at + 1 < this.end) byte = load<u8>(++this.at)
      store<u8>(this.out++, byte)
      this.at++
    }
    if (this.out == first) return false
    store<u8>(this.out++, 0)
    return true
  }

  /** `[12]` */
  private element(): bool {
    const first = ++this.at
    while (this.at < this.end && isDigit(load<u8>(this.at))) {
      store<u8>(this.out++, load<u8>(this.at++))
    }
    if (this.at == first || this.at == this.end || load<u8>(this.at) != CLOSE_BRACKET) return false
    this.at++
    store<u8>(this.out++, 0)
    return true
  }
}
