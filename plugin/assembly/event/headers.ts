import { HeaderTable } from '../capture/header-table'
import { NameList } from '../config/options'
import * as writer from './writer'

/** Marks what must not be written. */
export function applyMasks(table: HeaderTable, masks: NameList): void {
  for (let i: u32 = 0; i < masks.count; i++) {
    const entry = table.find(masks.at(i))
    if (entry != null) entry.masked = true
  }
}

/**
 * A map of names to values: repeated names joined with a comma, pseudo-headers and masked names left out. Of each value
 * at most `maxValue` bytes, of the names the first `maxNames`.
 */
export function headers(table: HeaderTable, maxValue: u32, maxNames: u32): void {
  let written: u32 = 0
  writer.byte(0x7b)
  for (let i: u32 = 0; i < table.count && written < maxNames; i++) {
    const entry = table.at(i)
    if (!entry.isFirst || entry.masked) continue
    if (entry.nameLength == 0 || load<u8>(entry.name) == 0x3a) continue
    if (written++) writer.byte(0x2c)
    writer.quoted(entry.name, entry.nameLength)
    writer.byte(0x3a)
    writer.byte(0x22)
    writer.escaped(entry.value, min(entry.valueLength, maxValue))
    let more = entry.again
    while (more != null) {
      writer.byte(0x2c)
      writer.escaped(more.value, min(more.valueLength, maxValue))
      more = more.again
    }
    writer.byte(0x22)
  }
  writer.byte(0x7d)
}
