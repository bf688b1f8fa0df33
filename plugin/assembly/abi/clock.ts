import { proxy_get_current_time_nanoseconds } from '@solo-io/proxy-runtime/assembly/imports'
import { clock_time_get } from './wasi_snapshot_preview1'

const MONOTONIC: u32 = 1

const slot = memory.data(8)

/** Wall clock, Unix ms. */
export function nowMs(): u64 {
  proxy_get_current_time_nanoseconds(slot)
  return load<u64>(slot) / 1_000_000
}

let latest: u64 = 0

/**
 * Monotonic time in ms, for ages and deadlines: setting the wall clock does not change it.
 * @note a host without such a clock gets the wall clock, except when that goes back.
 */
export function monotonicMs(): u64 {
  const isKnown = clock_time_get(MONOTONIC, 0, slot) == 0
  latest = max(latest, isKnown ? load<u64>(slot) / 1_000_000 : nowMs())
  return latest
}
