import { proxy_set_tick_period_milliseconds } from '@solo-io/proxy-runtime/assembly/imports'

/** @note each call restarts the host's timer, also with the same period: call it once, then compare deadlines. */
export function setTickPeriod(ms: u32): void {
  proxy_set_tick_period_milliseconds(ms)
}
