import { behindString, behindValue, decodeString } from '../json/read'
import { skipSpace } from '../json/validate'
import { allocate } from '../memory/arena'
import { utf8 } from '../memory/span'
import { CLOSE_BRACKET, COMMA, QUOTE } from '../text/bytes'
import { TextError } from '../text/text-error'
import { ListKind, addItem, beginList } from './list'
import { value } from './messages'
import { Option } from './option'
import { report } from './report'

const ITEM = utf8(': item ')
const CHARACTER = utf8(' cannot be read on at its character ')
const REASON = utf8(': ')
const PERIOD = utf8('.')

const error = new TextError()

/**
 * Fills the list of an option from the JSON array at `from`. False when an item is not a string; what is wrong with one that
 * cannot be read is reported here. Either way nothing may be captured: what was to be masked would not be.
 */
export function assignList(option: Option, list: usize, from: usize): bool {
  const kind = <ListKind>option.initial
  beginList(kind, list)
  let number: u32 = 1
  let at = skipSpace(from + 1)
  while (load<u8>(at) != CLOSE_BRACKET) {
    if (load<u8>(at) != QUOTE) return false
    const end = behindString(at)
    const item = allocate(end - at)
    const length = decodeString(at, item)
    if (!addItem(kind, list, item, length, error)) {
      refuseItem(option, from, at, number)
      return true
    }
    at = skipSpace(behindValue(at))
    if (load<u8>(at) == COMMA) at = skipSpace(at + 1)
    number++
  }
  return true
}

function refuseItem(option: Option, list: usize, at: usize, number: u32): void {
  report.beginError(at)
  value(option, list)
  report.span(ITEM)
  report.number(number)
  report.span(CHARACTER)
  report.number(<u64>error.position + 1)
  report.remedy(REASON)
  report.span(error.reason)
  report.span(PERIOD)
}
