import { proxy_call_foreign_function } from '@solo-io/proxy-runtime/assembly/imports'
import { Status } from './constants'
import { Span, utf8 } from '../memory/span'

const COMPRESS = utf8('compress')

/** zlib stream (RFC 1950) of the bytes, valid until the callback ends; NotFound where the host has no such function. */
export function compress(start: usize, length: u32, into: Span): Status {
  into.clear()
  const at = changetype<usize>(into)
  return proxy_call_foreign_function(
    COMPRESS.start,
    COMPRESS.length,
    start,
    length,
    at + offsetof<Span>('start'),
    at + offsetof<Span>('length'),
  )
}
