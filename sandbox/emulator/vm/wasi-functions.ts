import { logLevels } from '../abi/constants.ts'
import { wasiImports } from '../abi/signatures.ts'
import type { Caller } from './caller.ts'
import type { HostFunction } from './host-function.ts'
import { OutOfBounds } from './memory.ts'

/** Numbers of WASI's errors, which are not those of Proxy-Wasm. */
const success = 0
const badFileDescriptor = 8
const fault = 21
const invalid = 28
const noEntry = 44
const notImplemented = 52
const notDirectory = 20
const notSupported = 58

const clocks = { realtime: 0, monotonic: 1 }
const standardOutput = 1
const standardError = 2
/** The host refuses to give more random bytes than this at once. */
const maxRandomBytes = 65_536

/** The WASI functions that Envoy has. There are no files: standard output is logged as info, standard error as error. */
export function wasiFunctions(vm: Caller): Record<string, HostFunction> {
  const functions = { ...fileFunctions(vm), ...systemFunctions(vm) }
  return Object.fromEntries(
    Object.keys(wasiImports).map((name) => [name, faulting(functions[name] ?? fixed[name])]),
  )
}

/** Functions with a fixed result. */
const fixed: Record<string, () => number> = {
  args_get: () => success,
  sched_yield: () => success,
  fd_close: () => success,
  fd_seek: () => success,
  fd_advise: () => success,
  fd_read: () => notImplemented,
  fd_pread: () => notImplemented,
  fd_fdstat_set_flags: () => notImplemented,
  fd_prestat_get: () => badFileDescriptor,
  fd_prestat_dir_name: () => notImplemented,
  path_open: () => noEntry,
}

/** Sizes and times of standard output can be "set", those of no other file. */
const ofStandardFiles = new Set([
  'fd_allocate',
  'fd_datasync',
  'fd_fdstat_set_rights',
  'fd_filestat_set_size',
  'fd_filestat_set_times',
  'fd_sync',
])

const isStandard = (file: number): boolean => file === standardOutput || file === standardError

function fileFunctions(vm: Caller): Record<string, HostFunction> {
  const write = (file: number, vectors: number, count: number, writtenAt: number) => {
    if (!isStandard(file)) return badFileDescriptor
    let text = ''
    let written = 0
    for (let index = 0; index < count; index++) {
      const length = vm.memory.readU32(vectors + index * 8 + 4)
      text += vm.memory.text(vm.memory.readU32(vectors + index * 8), length)
      written += length
    }
    const level = logLevels[file === standardOutput ? 2 : 4]
    const message = text.replace(/\n$/, '')
    if (written > 0) vm.log(level, message)
    vm.memory.writeU32(writtenAt, written)
    return success
  }
  return {
    fd_write: write,
    fd_pwrite: (file: number, vectors: number, count: number, _at: bigint, writtenAt: number) =>
      write(file, vectors, count, writtenAt),
    fd_fdstat_get: (file: number, at: number) => {
      if (!isStandard(file)) return badFileDescriptor
      vm.memory.writeU64(at, 0n)
      // The right to write.
      vm.memory.writeU64(at + 8, 64n)
      vm.memory.writeU64(at + 16, 0n)
      return success
    },
    fd_filestat_get: () => badFileDescriptor,
    fd_readdir: (_file: number, _at: number, _size: number, _cookie: bigint, readAt: number) => {
      vm.memory.writeU32(readAt, 0)
      return notDirectory
    },
    fd_renumber: (from: number, to: number) =>
      isStandard(from) && isStandard(to) ? notSupported : badFileDescriptor,
    fd_tell: (file: number, at: number) => {
      if (!isStandard(file)) return badFileDescriptor
      vm.memory.writeU64(at, 0n)
      return success
    },
    ...Object.fromEntries(
      [...ofStandardFiles].map((name) => [
        name,
        (file: number) => (isStandard(file) ? success : badFileDescriptor),
      ]),
    ),
  }
}

function systemFunctions(vm: Caller): Record<string, HostFunction> {
  const { clock, random } = vm.host
  const variables = Object.entries(vm.environment).map(([name, value]) =>
    Buffer.from(`${name}=${value}\0`),
  )
  return {
    args_sizes_get: (countAt: number, sizeAt: number) => {
      vm.memory.writeU32(countAt, 0)
      vm.memory.writeU32(sizeAt, 0)
      return success
    },
    environ_sizes_get: (countAt: number, sizeAt: number) => {
      vm.memory.writeU32(countAt, variables.length)
      vm.memory.writeU32(
        sizeAt,
        variables.reduce((sum, { length }) => sum + length, 0),
      )
      return success
    },
    environ_get: (addressesAt: number, bytesAt: number) => {
      let at = bytesAt
      for (const [index, variable] of variables.entries()) {
        vm.memory.writeU32(addressesAt + index * 4, at)
        vm.memory.view(at, variable.length).set(variable)
        at += variable.length
      }
      return success
    },
    clock_time_get: (id: number, _precision: bigint, resultAt: number) => {
      if (id !== clocks.realtime && id !== clocks.monotonic) return notSupported
      const time = id === clocks.realtime ? clock.nanoseconds : clock.monotonicNanoseconds
      vm.memory.writeU64(resultAt, time)
      return success
    },
    clock_res_get: (id: number, resultAt: number) => {
      if (id !== clocks.realtime && id !== clocks.monotonic) return notSupported
      vm.memory.writeU64(resultAt, 1n)
      return success
    },
    random_get: (address: number, length: number) => {
      if (length >>> 0 > maxRandomBytes) return invalid
      random(vm.memory.view(address, length))
      vm.host.hostCalls.of('random_get').bytes += length
      return success
    },
    poll_oneoff: (_in: number, _out: number, _count: number, eventsAt: number) => {
      vm.memory.writeU32(eventsAt, 0)
      return success
    },
    /** Does not stop the VM: the host only logs it. */
    proc_exit: (code: number) => {
      vm.log('warn', `proc_exit(${code})`)
    },
  }
}

/** An address outside memory is an error number; what is not listed at all is not supported. */
function faulting(run: HostFunction = () => notSupported): HostFunction {
  return (...values) => {
    try {
      return run(...values)
    } catch (error) {
      if (error instanceof OutOfBounds) return fault
      throw error
    }
  }
}
