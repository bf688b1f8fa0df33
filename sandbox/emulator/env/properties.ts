import { Status } from '../abi.ts'
import type { HostFunction } from '../host-function.ts'
import type { Vm } from '../vm.ts'

/** A path is segments, each ended or separated by NUL. */
export function propertyFunctions(vm: Vm): Record<string, HostFunction> {
  const path = (address: number, length: number) => {
    const segments = Buffer.from(vm.memory.view(address, length)).toString('latin1').split('\0')
    if (segments.at(-1) === '') segments.pop()
    return segments
  }
  return {
    proxy_get_property: (
      address: number,
      length: number,
      valueAddressAt: number,
      sizeAt: number,
    ) => {
      const value = vm.current?.property(path(address, length))
      if (!value) return Status.NotFound
      vm.host.hostCalls.of('proxy_get_property').bytes += value.length
      vm.memory.give(value, valueAddressAt, sizeAt)
      return Status.Ok
    },
    proxy_set_property: (address: number, length: number, value: number, size: number) => {
      vm.current?.setProperty(path(address, length), vm.memory.read(value, size))
      return Status.Ok
    },
  }
}
