import { Status } from '../../abi/constants.ts'
import type { HostFunction } from '../host-function.ts'
import type { Caller } from '../caller.ts'

export function metricFunctions(vm: Caller): Record<string, HostFunction> {
  const { metricIds } = vm
  return {
    proxy_define_metric: (type: number, name: number, length: number, idAt: number) => {
      const id = metricIds.define(type, vm.memory.text(name, length))
      if (id === null) return Status.BadArgument
      vm.memory.writeU32(idAt, id)
      return Status.Ok
    },
    proxy_increment_metric: (id: number, offset: bigint) => metricIds.increment(id, offset),
    proxy_record_metric: (id: number, value: bigint) =>
      metricIds.record(id, BigInt.asUintN(64, value)),
    proxy_get_metric: (id: number, resultAt: number) => {
      const value = metricIds.read(id)
      if (typeof value !== 'bigint') return value
      vm.memory.writeU64(resultAt, value)
      return Status.Ok
    },
  }
}
