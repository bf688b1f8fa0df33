import { skipSpace } from '../json/validate'
import { LINE_FEED } from '../text/bytes'
import { BodyMasks } from './body-masks'
import { maskJson } from './mask-json'

/** Writes documents of JSON, one a line, to `to`: see `maskJson`. 0 when a line is neither blank nor JSON. */
export function maskLines(start: usize, length: u32, masks: BodyMasks, to: usize): usize {
  const end = start + length
  let out = to
  let at = start
  while (at < end) {
    let stop = at
    while (stop < end && load<u8>(stop) != LINE_FEED) stop++
    const first = min(skipSpace(at), stop)
    if (first < stop) {
      out = maskJson(first, <u32>(stop - first), masks, out)
      if (!out) return 0
    }
    if (stop < end) store<u8>(out++, LINE_FEED)
    at = stop + 1
  }
  return out
}
