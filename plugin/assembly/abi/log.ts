import { proxy_log } from '@solo-io/proxy-runtime/assembly/imports'
import { LogLevel } from './constants'
import { proxy_get_log_level } from './env'

const slot = memory.data(4)

export function log(level: LogLevel, start: usize, length: u32): void {
  proxy_log(level, start, length)
}

/** The host's level for this plugin: below it a line need not even be built. */
export function logLevel(): u32 {
  proxy_get_log_level(slot)
  return load<u32>(slot)
}
