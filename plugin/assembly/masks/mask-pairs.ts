import { decodePercent } from '../codec/percent'
import { allocate } from '../memory/arena'
import { copyPadded } from '../memory/span'
import { AMPERSAND, EQUALS, HASH, QUESTION_MARK, SEMICOLON } from '../text/bytes'
import { BodyMasks } from './body-masks'
import { writeMask } from './mask'

/** So many times its own length, and 16 bytes more, a query or form may become. */
export const PAIRS_GROWTH: usize = 3

/** Writes a form (`a=1&b=2`) to `to`, the values that are masked replaced; returns where it ended. */
export function maskForm(start: usize, length: u32, masks: BodyMasks, to: usize): usize {
  return maskPairs(start, start + length, masks, to)
}

/**
 * The same for a URI: its query, and the fragment too, where a `location` may carry tokens. Names are compared decoded, in
 * any case; a value goes to the next `&` or `#`. Where a `;` or `?` stands in a value, a name may begin.
 */
export function maskUri(start: usize, length: u32, masks: BodyMasks, to: usize): usize {
  const end = start + length
  let at = start
  while (at < end && load<u8>(at) != QUESTION_MARK && load<u8>(at) != HASH) at++
  copyPadded(to, start, at - start)
  return maskPairs(at, end, masks, to + (at - start))
}

function maskPairs(start: usize, end: usize, masks: BodyMasks, to: usize): usize {
  let out = to
  let copied = start
  let name = start
  let at = start
  while (at < end) {
    const byte = load<u8>(at)
    if (beginsName(byte)) name = at + 1
    else if (byte == EQUALS && name) {
      if (isMasked(name, <u32>(at - name), masks)) {
        const value = at + 1
        while (at < end && load<u8>(at) != AMPERSAND && load<u8>(at) != HASH) at++
        copyPadded(out, copied, value - copied)
        out += value - copied
        if (at > value) out = writeMask(out)
        copied = at
        continue
      }
      name = 0
    }
    at++
  }
  copyPadded(out, copied, end - copied)
  return out + (end - copied)
}

function beginsName(byte: u8): bool {
  return byte == AMPERSAND || byte == SEMICOLON || byte == QUESTION_MARK || byte == HASH
}

function isMasked(name: usize, length: u32, masks: BodyMasks): bool {
  const decoded = allocate(length)
  return masks.hasField(decoded, decodePercent(name, length, decoded))
}
