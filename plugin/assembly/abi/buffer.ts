import { proxy_get_buffer_bytes } from '@solo-io/proxy-runtime/assembly/imports'
import { BufferType, Status } from './constants'
import { Span } from '../memory/span'

/** Bytes of a host buffer, valid until the callback ends. The host clamps `length` to what there is. */
export function bufferBytes(type: BufferType, start: u32, length: u32, into: Span): Status {
  into.clear()
  const at = changetype<usize>(into)
  return proxy_get_buffer_bytes(
    type,
    start,
    length,
    at + offsetof<Span>('start'),
    at + offsetof<Span>('length'),
  )
}
