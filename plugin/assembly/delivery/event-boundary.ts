import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from '../text/bytes'

/**
 * Walks the events of a JSON array. The ends of events are not kept when a batch is written, because they are needed only
 * when a collector finds a batch too large, or when the final flush has to be short.
 */
@unmanaged
class EventWalk {
  /** Events passed so far. */
  events: u32
  /** Offset just behind the last event passed: of the comma or bracket that follows it. */
  end: u32
  private at: u32

  /** Back to the beginning. */
  start(): void {
    this.events = 0
    this.at = 1
  }

  /** Moves behind the next event; false at the end of the array. */
  next(body: usize, length: u32): bool {
    let depth = 0
    let inString = false
    let at = this.at
    while (at < length) {
      const byte = load<u8>(body + at)
      if (inString) {
        if (byte == BACKSLASH) at++
        else if (byte == QUOTE) inString = false
      } else if (byte == QUOTE) inString = true
      else if (byte == OPEN_BRACE || byte == OPEN_BRACKET) depth++
      else if (depth == 0 && (byte == COMMA || byte == CLOSE_BRACKET)) break
      else if (byte == CLOSE_BRACE || byte == CLOSE_BRACKET) depth--
      at++
    }
    if (at >= length) return false
    this.end = at
    this.at = at + 1
    this.events++
    return true
  }
}

/** One for all: walks never overlap, and none needs memory. */
export const walk = new EventWalk()
