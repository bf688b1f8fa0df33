import { Status } from '../abi/constants.ts'
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
  'emscripten_notify_memory_growth',
])

/** While a module starts (`_initialize`, `main`, `_start`), everything of these traps: no context is there yet. */
const restrictedDuringStart = new Set(['fd_close', 'fd_read', 'fd_seek', 'path_open', 'proc_exit'])

/** `instantiating`: a start section runs, and the host does not know the module's memory yet. */
export type VmState = 'instantiating' | 'starting' | 'running' | 'allocating'

export function isRestricted(name: string, state: VmState): boolean {
  if (state === 'allocating') return !allowedDuringMalloc.has(name)
  if (state === 'running') return false
  return (name.startsWith('proxy_') && name !== 'proxy_log') || restrictedDuringStart.has(name)
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
