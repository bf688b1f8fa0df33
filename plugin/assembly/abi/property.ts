import { proxy_get_property } from '@solo-io/proxy-runtime/assembly/imports'
import { Status } from './constants'
import { Span } from '../memory/span'

/**
 * A property by its path, segments separated by NUL: `utf8('request\0time')`. Valid until the callback ends.
 * Strings come raw, integers as 8 bytes little endian, times and durations as nanoseconds in such an integer.
 */
export function property(path: Span, into: Span): Status {
  into.clear()
  const at = changetype<usize>(into)
  return proxy_get_property(
    path.start,
    path.length,
    at + offsetof<Span>('start'),
    at + offsetof<Span>('length'),
  )
}

const number = new Span()

/** An integer property, or `absent` when the host has none. */
export function integerProperty(path: Span, absent: i64): i64 {
  property(path, number)
  if (number.length != 8) return absent
  return load<i64>(number.start)
}
