import { Status } from '../../abi/constants.ts'
import type { HostFunction } from '../host-function.ts'
import type { Caller } from '../caller.ts'

/** A path is segments, each ended or separated by NUL. */
export function propertyFunctions(vm: Caller): Record<string, HostFunction> {
  const text = (address: number, length: number) =>
    Buffer.from(vm.memory.view(address, length)).toString('latin1')
  return {
    proxy_get_property: (
      address: number,
      length: number,
      valueAddressAt: number,
      sizeAt: number,
    ) => {
      const path = text(address, length).split('\0')
      if (path.at(-1) === '') path.pop()
      // No path names no value, which cannot be serialized.
      if (path.length === 0) return Status.SerializationFailure
      const value = vm.current?.property(path)
      if (value === null || value === undefined) return Status.NotFound
      if (typeof value === 'number') return value
      vm.host.hostCalls.of('proxy_get_property').bytes += value.length
      vm.memory.give(value, valueAddressAt, sizeAt)
      return Status.Ok
    },
    proxy_set_property: (address: number, length: number, value: number, size: number) => {
      return (
        vm.current?.setProperty(text(address, length), vm.memory.read(value, size)) ??
        Status.NotFound
      )
    },
  }
}
