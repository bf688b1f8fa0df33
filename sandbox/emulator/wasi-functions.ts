import { logLevels } from './abi.ts'
import { guarded, type HostFunction } from './host-function.ts'
import type { Vm } from './vm.ts'

const success = 0
const badFileDescriptor = 8
const invalid = 28
const notSupported = 58

const clocks = { realtime: 0, monotonic: 1 }
/** The host refuses to give more random bytes than this at once. */
const maxRandomBytes = 65_536

/** The WASI functions that Proxy-Wasm hosts offer. Standard output is logged as info, standard error as error. */
export function wasiFunctions(vm: Vm): Record<string, HostFunction> {
  const { clock, logs, random } = vm.host
  const emptyList = guarded((countAt: number, sizeAt: number) => {
    vm.memory.writeU32(countAt, 0)
    vm.memory.writeU32(sizeAt, 0)
    return success
  })
  return {
    args_get: () => success,
    args_sizes_get: emptyList,
    environ_get: () => success,
    environ_sizes_get: emptyList,
    clock_time_get: guarded((id: number, _precision: bigint, resultAt: number) => {
      if (id !== clocks.realtime && id !== clocks.monotonic) return notSupported
      vm.memory.writeU64(resultAt, clock.nanoseconds)
      return success
    }),
    random_get: guarded((address: number, length: number) => {
      if (length >>> 0 > maxRandomBytes) return invalid
      random(vm.memory.view(address, length))
      vm.host.hostCalls.of('random_get').bytes += length
      return success
    }),
    fd_write: guarded((file: number, vectors: number, count: number, writtenAt: number) => {
      if (file !== 1 && file !== 2) return badFileDescriptor
      let text = ''
      let written = 0
      for (let index = 0; index < count; index++) {
        const length = vm.memory.readU32(vectors + index * 8 + 4)
        text += vm.memory.text(vm.memory.readU32(vectors + index * 8), length)
        written += length
      }
      const level = logLevels[file === 1 ? 2 : 4]
      logs.write({ level, message: text, thread: vm.thread, at: clock.now })
      vm.memory.writeU32(writtenAt, written)
      return success
    }),
    /** Does not stop the VM: the host only logs it. */
    proc_exit: (code: number) => {
      logs.write({
        level: 'warn',
        message: `proc_exit(${code})`,
        thread: vm.thread,
        at: clock.now,
      })
    },
    fd_close: () => badFileDescriptor,
    fd_fdstat_get: () => badFileDescriptor,
    fd_read: () => badFileDescriptor,
    fd_seek: () => badFileDescriptor,
    poll_oneoff: () => notSupported,
    sched_yield: () => success,
  }
}
