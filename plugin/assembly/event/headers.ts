import { HeaderTable } from '../facts/header-table'
import { COLON, COMMA, QUOTE } from '../text/bytes'
import { ESCAPED, escapeTo } from '../text/json-escape'
import * as writer from './writer'

/**
 * The inside of a map of names to values: repeated names joined with a comma, pseudo-headers and masked names left out.
 * Of each value at most `maxValue` bytes.
 */
export function headers(table: HeaderTable, maxValue: u32): void {
  let to = writer.room(spaceFor(table, maxValue))
  if (!to) return
  let isFirst = true
  for (let i: u32 = 0; i < table.count; i++) {
    const entry = table.at(i)
    if (!entry.isFirst || entry.masked) continue
    if (entry.nameLength == 0 || load<u8>(entry.name) == COLON) continue
    if (!isFirst) store<u8>(to++, COMMA)
    isFirst = false
    store<u8>(to, QUOTE)
    to = escapeTo(entry.name, entry.nameLength, to + 1)
    // ":"
    store<u32>(to, 0x223a22)
    to = escapeTo(entry.value, min(entry.valueLength, maxValue), to + 3)
    let more = entry.again
    while (more != null) {
      store<u8>(to, COMMA)
      to = escapeTo(more.value, min(more.valueLength, maxValue), to + 1)
      more = more.again
    }
    store<u8>(to++, QUOTE)
  }
  writer.advance(to)
}

/** Each byte may become six, and `,"":""` is six. */
function spaceFor(table: HeaderTable, maxValue: u32): usize {
  let bytes: usize = 0
  for (let i: u32 = 0; i < table.count; i++) {
    const entry = table.at(i)
    bytes += entry.nameLength + min(entry.valueLength, maxValue) + 1
  }
  return bytes * ESCAPED
}
