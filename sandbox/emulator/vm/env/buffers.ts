import { BufferType, Status } from '../../abi/constants.ts'
import type { HostFunction } from '../host-function.ts'
import type { Caller } from '../caller.ts'

/** Body chunks and configuration documents. */
export function bufferFunctions(vm: Caller): Record<string, HostFunction> {
  const { hostCalls } = vm.host
  /** Or the status where there is none. */
  const bufferOf = (type: number): Uint8Array | Status => {
    if (type >>> 0 > BufferType.CallData) return Status.BadArgument
    return vm.current?.buffer(type) ?? Status.NotFound
  }
  return {
    proxy_get_buffer_bytes: (
      type: number,
      from: number,
      most: number,
      addressAt: number,
      sizeAt: number,
    ) => {
      const buffer = bufferOf(type)
      if (!(buffer instanceof Uint8Array)) return buffer
      const start = from >>> 0
      const end = start + (most >>> 0)
      if (end > 0xffffffff) return Status.BadArgument
      const part = buffer.subarray(start, end)
      hostCalls.of('proxy_get_buffer_bytes').bytes += part.length
      vm.memory.give(part, addressAt, sizeAt)
      return Status.Ok
    },
    proxy_get_buffer_status: (type: number, sizeAt: number, flagsAt: number) => {
      const buffer = bufferOf(type)
      if (!(buffer instanceof Uint8Array)) return buffer
      vm.memory.writeU32(sizeAt, buffer.length)
      vm.memory.writeU32(flagsAt, 0)
      return Status.Ok
    },
    proxy_set_buffer_bytes: (
      type: number,
      start: number,
      length: number,
      address: number,
      size: number,
    ) => {
      const buffer = bufferOf(type)
      if (!(buffer instanceof Uint8Array)) return buffer
      const value = vm.memory.read(address, size)
      hostCalls.of('proxy_set_buffer_bytes').bytes += size
      return vm.current?.replaceBuffer(type, start >>> 0, length >>> 0, value) ?? Status.NotFound
    },
  }
}
