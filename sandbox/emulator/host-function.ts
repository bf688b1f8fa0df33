import { Status } from './abi.ts'
import { OutOfBounds } from './memory.ts'

/** i32 comes as number (signed), i64 as bigint. */
// oxlint-disable-next-line typescript/no-explicit-any -- the wasm signature decides which arguments are bigint
export type HostFunction = (...values: any[]) => number | void

/** While the host asks for room by malloc, everything but these traps. */
const allowedDuringMalloc = new Set([
  'proxy_log',
  'proxy_get_current_time_nanoseconds',
  'fd_write',
  'clock_time_get',
  'poll_oneoff',
  'proc_exit',
])

export function restrictedDuringMalloc(name: string): boolean {
  return !allowedDuringMalloc.has(name)
}

/** An address outside memory is a status, not a trap. */
export function guarded(run: HostFunction): HostFunction {
  return (...values) => {
    try {
      return run(...values)
    } catch (error) {
      if (error instanceof OutOfBounds) return Status.InvalidMemoryAccess
      throw error
    }
  }
}
