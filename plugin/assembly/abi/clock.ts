import { proxy_get_current_time_nanoseconds } from '@solo-io/proxy-runtime/assembly/imports'

const slot = memory.data(8)

/** Wall clock, Unix ms. */
export function nowMs(): u64 {
  store<u64>(slot, 0)
  proxy_get_current_time_nanoseconds(slot)
  return load<u64>(slot) / 1_000_000
}
