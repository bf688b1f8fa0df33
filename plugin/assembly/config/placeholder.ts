import { Span, utf8 } from '../memory/span'

const YOUR = utf8('your')
const ID = utf8('id')
const HERE = utf8('here')

const OPENING_ANGLE: u8 = 0x3c
const CLOSING_ANGLE: u8 = 0x3e
const DOLLAR: u8 = 0x24
const OPENING_BRACE: u8 = 0x7b

/**
 * Is this what an example or a template has in the place of an application id: `<YOUR APPLICATION ID HERE>`,
 * `${MOESIF_APPLICATION_ID}`, `{{ .Values.moesif.id }}`, `your-application-id`? An id of Moesif's has letters, digits, `-`, `_`
 * and `.` only.
 */
export function isPlaceholder(start: usize, length: u32): bool {
  if (!length) return false
  const first = load<u8>(start)
  if (first == OPENING_ANGLE) return load<u8>(start + length - 1) == CLOSING_ANGLE
  if (first == DOLLAR || first == OPENING_BRACE) return true
  if (
    length <= YOUR.length ||
    !hasWord(start, YOUR) ||
    !isSeparator(load<u8>(start + YOUR.length))
  ) {
    return false
  }
  return hasWord(start + length - ID.length, ID) || hasWord(start + length - HERE.length, HERE)
}

function isSeparator(byte: u8): bool {
  return byte == 0x20 || byte == 0x2d || byte == 0x5f
}

/** Whatever the case of its letters. */
function hasWord(start: usize, word: Span): bool {
  for (let i: u32 = 0; i < word.length; i++) {
    if ((load<u8>(start + i) | 0x20) != load<u8>(word.start + i)) return false
  }
  return true
}
