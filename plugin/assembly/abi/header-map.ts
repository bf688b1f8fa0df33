import {
  proxy_add_header_map_value,
  proxy_get_header_map_pairs,
  proxy_get_header_map_value,
  proxy_replace_header_map_value,
} from '@solo-io/proxy-runtime/assembly/imports'
import { MapType, Status } from './constants'
import { Span } from '../memory/span'

/**
 * The whole map as one blob, valid until the callback ends: u32 count, count x (u32 name length, u32 value length),
 * then name, 0, value, 0 for each. A map that cannot be read in this phase is Ok and empty.
 */
export function headerPairs(type: MapType, into: Span): Status {
  into.clear()
  const at = changetype<usize>(into)
  return proxy_get_header_map_pairs(
    type,
    at + offsetof<Span>('start'),
    at + offsetof<Span>('length'),
  )
}

/** The first value of a name (lower case). @note in on_http_call_response: `MapType.CallResponseHeaders`. */
export function headerValue(type: MapType, name: Span, into: Span): Status {
  into.clear()
  const at = changetype<usize>(into)
  return proxy_get_header_map_value(
    type,
    name.start,
    name.length,
    at + offsetof<Span>('start'),
    at + offsetof<Span>('length'),
  )
}

/** Sets a header of a map that is passing, in place of any of its name. */
export function replaceHeader(type: MapType, name: Span, value: Span): void {
  proxy_replace_header_map_value(type, name.start, name.length, value.start, value.length)
}

export function addHeader(type: MapType, name: Span, value: Span): void {
  proxy_add_header_map_value(type, name.start, name.length, value.start, value.length)
}
