import { integerProperty } from '../abi/property'
import { utf8 } from '../memory/span'
import { ZERO } from '../text/bytes'
import { HeaderTable, headerName } from './header-table'

const STATUS = headerName(utf8(':status'))
const RESPONSE_CODE = utf8('response\0code')

/** 0 when no response began. The map's `:status` saves a call; a response Envoy made at the last moment has only the property. */
export function statusOf(response: HeaderTable): u32 {
  const entry = response.find(STATUS)
  if (entry != null && entry.valueLength == 3) {
    const at = entry.value
    const code =
      (<u32>load<u8>(at) - ZERO) * 100 +
      (<u32>load<u8>(at, 1) - ZERO) * 10 +
      (<u32>load<u8>(at, 2) - ZERO)
    if (code >= 100 && code <= 999) return code
  }
  const code = integerProperty(RESPONSE_CODE, 0)
  return code >= 100 && code <= 999 ? <u32>code : 0
}
