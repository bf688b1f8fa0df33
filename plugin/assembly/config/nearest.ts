import { Span } from '../memory/span'
import { Option } from './option'
import { OPTIONS } from './option-table'
import { lowerCase } from '../text/ascii'
import { MINUS, UNDERSCORE } from '../text/bytes'

/** A longer name has nothing in common with one of ours. */
const LONGEST: u32 = 48

/** Two rows of the distance table. */
const rows = memory.data(512)

/** The option whose name an unknown name was most likely meant to be, null when none is near. */
export function nearestOption(name: usize, length: u32): Option | null {
  if (length > LONGEST) return null
  let best: Option | null = null
  // A third of the letters may differ.
  let bestDistance = length / 3 + 1
  for (let i = 0; i < OPTIONS.length; i++) {
    const option = OPTIONS[i]
    const far = distance(name, length, option.name)
    if (far < bestDistance) {
      best = option
      bestDistance = far
    }
  }
  return best
}

/** Levenshtein: letters to insert, remove or replace; case and `-` for `_` count as nothing. */
function distance(name: usize, length: u32, known: Span): u32 {
  let above = rows
  let row = rows + 256
  for (let j: u32 = 0; j <= known.length; j++) store<u32>(above + j * 4, j)
  for (let i: u32 = 0; i < length; i++) {
    store<u32>(row, i + 1)
    for (let j: u32 = 0; j < known.length; j++) {
      const equal = folded(load<u8>(name + i)) == load<u8>(known.start + j)
      const replaced = load<u32>(above + j * 4) + (equal ? 0 : 1)
      const removed = load<u32>(above + j * 4, 4) + 1
      const inserted = load<u32>(row + j * 4) + 1
      store<u32>(row + j * 4, min(replaced, min(removed, inserted)), 4)
    }
    const swap = above
    above = row
    row = swap
  }
  return load<u32>(above + known.length * 4)
}

function folded(byte: u8): u8 {
  return byte == MINUS ? UNDERSCORE : lowerCase(byte)
}
