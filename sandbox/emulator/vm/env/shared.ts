import { Status } from '../../abi/constants.ts'
import type { HostFunction } from '../host-function.ts'
import type { Caller } from '../caller.ts'

/** Shared data and shared queues. */
export function sharedFunctions(vm: Caller): Record<string, HostFunction> {
  const { clock, shared } = vm.host
  return {
    proxy_get_shared_data: (
      key: number,
      keyLength: number,
      addressAt: number,
      sizeAt: number,
      casAt: number,
    ) => {
      const entry = shared.get(vm.vmId, vm.memory.text(key, keyLength))
      if (!entry) return Status.NotFound
      vm.memory.give(entry.value, addressAt, sizeAt)
      vm.memory.writeU32(casAt, entry.cas)
      return Status.Ok
    },
    proxy_set_shared_data: (k: number, kl: number, v: number, vl: number, cas: number) =>
      shared.set(vm.vmId, vm.memory.text(k, kl), vm.memory.read(v, vl), cas >>> 0),
    proxy_register_shared_queue: (name: number, length: number, idAt: number) => {
      const root = vm.current?.root
      if (!root) return Status.BadArgument
      let id = 0
      const ready = () => clock.after(0, () => root.queueReady(id))
      id = shared.registerQueue(vm.vmId, vm.memory.text(name, length), ready)
      vm.memory.writeU32(idAt, id)
      return Status.Ok
    },
    proxy_resolve_shared_queue: (v: number, vl: number, n: number, nl: number, idAt: number) => {
      const id = shared.resolveQueue(vm.memory.text(v, vl) || vm.vmId, vm.memory.text(n, nl))
      if (id === null) return Status.NotFound
      vm.memory.writeU32(idAt, id)
      return Status.Ok
    },
    proxy_enqueue_shared_queue: (id: number, address: number, length: number) =>
      shared.enqueue(id, vm.memory.read(address, length)),
    proxy_dequeue_shared_queue: (id: number, addressAt: number, sizeAt: number) => {
      const item = shared.dequeue(id)
      if (!(item instanceof Uint8Array)) return item
      vm.memory.give(item, addressAt, sizeAt)
      return Status.Ok
    },
  }
}
