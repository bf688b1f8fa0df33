import { utf8 } from '../memory/span'
import { isInAnyCase } from '../text/ascii'
import {
  CLOSE_ANGLE,
  DOLLAR,
  MINUS,
  OPEN_ANGLE,
  OPEN_BRACE,
  SPACE,
  UNDERSCORE,
} from '../text/bytes'

const YOUR = utf8('your')
const ID = utf8('id')
const HERE = utf8('here')

/**
 * Is this what an example or a template has in the place of an application id: `<YOUR APPLICATION ID HERE>`,
 * `${MOESIF_APPLICATION_ID}`, `{{ .Values.moesif.id }}`, `your-application-id`? An id of Moesif's has letters, digits, `-`, `_`
 * and `.` only.
 */
export function isPlaceholder(start: usize, length: u32): bool {
  const first = load<u8>(start)
  if (first == OPEN_ANGLE) return load<u8>(start + length - 1) == CLOSE_ANGLE
  if (first == DOLLAR || first == OPEN_BRACE) return true
  if (
    length <= YOUR.length ||
    !isInAnyCase(start, YOUR.length, YOUR) ||
    !isSeparator(load<u8>(start + YOUR.length))
  ) {
    return false
  }
  return (
    isInAnyCase(start + length - ID.length, ID.length, ID) ||
    isInAnyCase(start + length - HERE.length, HERE.length, HERE)
  )
}

function isSeparator(byte: u8): bool {
  return byte == SPACE || byte == MINUS || byte == UNDERSCORE
}
