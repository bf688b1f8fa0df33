import { Status } from '../abi.ts'
import type { HostFunction } from '../host-function.ts'
import type { Vm } from '../vm.ts'

/** Body chunks and configuration documents. */
export function bufferFunctions(vm: Vm): Record<string, HostFunction> {
  const { hostCalls } = vm.host
  return {
    proxy_get_buffer_bytes: (
      type: number,
      from: number,
      most: number,
      addressAt: number,
      sizeAt: number,
    ) => {
      const buffer = vm.current?.buffer(type)
      if (!buffer) return Status.NotFound
      const start = from >>> 0
      const end = start + (most >>> 0)
      if (end > 0xffffffff) return Status.BadArgument
      const part = buffer.subarray(start, end)
      hostCalls.of('proxy_get_buffer_bytes').bytes += part.length
      vm.memory.give(part, addressAt, sizeAt)
      return Status.Ok
    },
    proxy_get_buffer_status: (type: number, sizeAt: number, flagsAt: number) => {
      const buffer = vm.current?.buffer(type)
      if (!buffer) return Status.NotFound
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
      const value = vm.memory.read(address, size)
      hostCalls.of('proxy_set_buffer_bytes').bytes += size
      return vm.current?.replaceBuffer(type, start >>> 0, length >>> 0, value) ?? Status.NotFound
    },
  }
}
