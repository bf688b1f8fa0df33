import {
  proxy_get_shared_data,
  proxy_set_shared_data,
} from '@solo-io/proxy-runtime/assembly/imports'
import { Span } from '../memory/span'
import { Status } from './constants'

const slot = memory.data(4)

/** What all VMs of this `vm_id` in the process share under a key; valid until the callback ends. */
export function sharedData(key: Span, into: Span): Status {
  into.clear()
  const at = changetype<usize>(into)
  return proxy_get_shared_data(
    key.start,
    key.length,
    at + offsetof<Span>('start'),
    at + offsetof<Span>('length'),
    slot,
  )
}

/** The version of the last `sharedData` that was Ok: for a conditional update. */
export function sharedVersion(): u32 {
  return load<u32>(slot)
}

/** `CasMismatch` when the value is no longer of this version; 0 replaces whatever there is. */
export function setSharedData(key: Span, start: usize, length: u32, version: u32): Status {
  return proxy_set_shared_data(key.start, key.length, start, length, version)
}
