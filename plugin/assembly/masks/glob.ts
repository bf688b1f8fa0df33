import { Span } from '../memory/span'
import { lowerCase } from '../text/ascii'
import { ASTERISK } from '../text/bytes'

/** Whether a text, in any case, is what a pattern in lower case says; `*` stands for any characters, or none. */
export function matchesGlob(text: usize, length: u32, pattern: Span): bool {
  const end = text + length
  let at = text
  let wanted = pattern.start
  /** Where to go on when what follows the last `*` was not found: without one, behind the text, and nowhere in the pattern. */
  let star: usize = 0
  let resume = end
  while (at < end) {
    if (wanted < pattern.end && load<u8>(wanted) == ASTERISK) {
      star = ++wanted
      resume = at
    } else if (wanted < pattern.end && lowerCase(load<u8>(at)) == load<u8>(wanted)) {
      at++
      wanted++
    } else {
      at = ++resume
      wanted = star
    }
  }
  while (wanted < pattern.end && load<u8>(wanted) == ASTERISK) wanted++
  return wanted == pattern.end
}
