import { Status } from '../abi.ts'
import type { HostFunction } from '../host-function.ts'
import type { Vm } from '../vm.ts'

export function metricFunctions(vm: Vm): Record<string, HostFunction> {
  const { metrics } = vm.host
  return {
    proxy_define_metric: (type: number, name: number, length: number, idAt: number) => {
      const id = metrics.define(type, vm.memory.text(name, length))
      if (id < 0) return Status.BadArgument
      vm.memory.writeU32(idAt, id)
      return Status.Ok
    },
    proxy_increment_metric: (id: number, offset: bigint) => metrics.increment(id, offset),
    proxy_record_metric: (id: number, value: bigint) =>
      metrics.record(id, BigInt.asUintN(64, value)),
    proxy_get_metric: (id: number, resultAt: number) => {
      const value = metrics.read(id)
      if (value === null) return Status.BadArgument
      vm.memory.writeU64(resultAt, value)
      return Status.Ok
    },
  }
}
