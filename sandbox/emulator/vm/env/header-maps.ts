import { MapType, Status } from '../../abi/constants.ts'
import { HeaderMap } from '../../abi/header-map.ts'
import type { HostFunction } from '../host-function.ts'
import type { Caller } from '../caller.ts'

/** A plugin's map over one of these bounds is silently taken as empty. */
const maxPairs = 1024
const maxBytes = 1 << 20

export function headerMapFunctions(vm: Caller): Record<string, HostFunction> {
  const { hostCalls } = vm.host
  const change = (type: number, edit: (map: HeaderMap) => void) => {
    const map = vm.current?.writableMap(type)
    if (!map) return Status.BadArgument
    edit(map)
    return Status.Ok
  }
  const name = (address: number, length: number) =>
    Buffer.from(vm.memory.view(address, length)).toString('latin1')
  return {
    proxy_get_header_map_pairs: (type: number, addressAt: number, sizeAt: number) => {
      if (!isMapType(type)) return Status.BadArgument
      const encoded = vm.current?.headerMap(type)?.encode() ?? empty
      hostCalls.of('proxy_get_header_map_pairs').bytes += encoded.length
      vm.memory.give(encoded, addressAt, sizeAt)
      return Status.Ok
    },
    /** Goes through the map a plugin may change: in on_log there is none. */
    proxy_get_header_map_size: (type: number, resultAt: number) => {
      const map = vm.current?.writableMap(type)
      if (!map) return Status.BadArgument
      vm.memory.writeU32(resultAt, map.byteSize)
      return Status.Ok
    },
    proxy_get_header_map_value: (
      type: number,
      key: number,
      keyLength: number,
      addressAt: number,
      sizeAt: number,
    ) => {
      const map = isMapType(type) ? vm.current?.headerMap(type) : null
      if (!map && !(vm.current?.isLogging && isMapType(type))) return Status.BadArgument
      const value = map?.get(name(key, keyLength))
      if (!value && vm.abi !== '0_1_0') return Status.NotFound
      if (!value) {
        vm.memory.give(empty, addressAt, sizeAt)
        return Status.Ok
      }
      hostCalls.of('proxy_get_header_map_value').bytes += value.length
      vm.memory.give(value, addressAt, sizeAt)
      return Status.Ok
    },
    proxy_add_header_map_value: (type: number, k: number, kl: number, v: number, vl: number) =>
      change(type, (map) => map.add(name(k, kl), vm.memory.read(v, vl))),
    proxy_replace_header_map_value: (type: number, k: number, kl: number, v: number, vl: number) =>
      change(type, (map) => map.set(name(k, kl), vm.memory.read(v, vl))),
    proxy_remove_header_map_value: (type: number, k: number, kl: number) =>
      change(type, (map) => map.delete(name(k, kl))),
    proxy_set_header_map_pairs: (type: number, address: number, length: number) =>
      change(type, (map) => {
        const pairs = decodePluginMap(vm.memory.read(address, length))
        for (const [key] of map.copy()) map.delete(key)
        for (const [key, value] of pairs) map.add(key, value)
      }),
  }
}

const isMapType = (type: number): boolean => type >>> 0 <= MapType.HttpCallResponseTrailers

/** What the host makes of a header map that a plugin hands over. */
export function decodePluginMap(bytes: Uint8Array): HeaderMap {
  const map = bytes.length > maxBytes ? null : HeaderMap.decode(bytes)
  return map && map.size <= maxPairs ? map : new HeaderMap()
}

const empty = new Uint8Array(0)
