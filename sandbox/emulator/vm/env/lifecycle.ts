import { BufferType, logLevels, Status, StreamType } from '../../abi/constants.ts'
import type { HostFunction } from '../host-function.ts'
import type { Caller } from '../caller.ts'
import { decodePluginMap } from './header-maps.ts'

/** Logs, clock, ticks and the life of contexts. */
export function lifecycleFunctions(vm: Caller): Record<string, HostFunction> {
  const { clock, hostCalls, logs } = vm.host
  return {
    proxy_log: (level: number, address: number, length: number) => {
      const name = logLevels[level]
      if (!name) return Status.BadArgument
      hostCalls.of('proxy_log').bytes += length
      const message = vm.memory.text(address, length)
      vm.log(name, message)
      return Status.Ok
    },
    proxy_get_log_level: (resultAt: number) => {
      vm.memory.writeU32(resultAt, logs.levelNumber)
      return Status.Ok
    },
    proxy_get_current_time_nanoseconds: (resultAt: number) => {
      vm.memory.writeU64(resultAt, clock.nanoseconds)
      return Status.Ok
    },
    proxy_set_tick_period_milliseconds: (period: number) => {
      vm.current?.root.setTickPeriod(period >>> 0)
      return Status.Ok
    },
    proxy_set_effective_context: (id: number) =>
      vm.setEffectiveContext(id) ? Status.Ok : Status.BadArgument,
    proxy_done: () => (vm.current?.root.finish() ? Status.Ok : Status.NotFound),
    proxy_continue_request: () => vm.current?.continueStream(StreamType.Request) ?? Status.Ok,
    proxy_continue_response: () => vm.current?.continueStream(StreamType.Response) ?? Status.Ok,
    proxy_clear_route_cache: () => Status.Ok,
    proxy_get_configuration: (addressAt: number, sizeAt: number) => {
      const { current } = vm
      const configuration =
        current?.buffer(BufferType.PluginConfiguration) ??
        current?.buffer(BufferType.VmConfiguration)
      vm.memory.give(configuration ?? new Uint8Array(0), addressAt, sizeAt)
      return Status.Ok
    },
    proxy_continue_stream: (type: number) => vm.current?.continueStream(type) ?? Status.Ok,
    proxy_close_stream: (type: number) => vm.current?.closeStream(type) ?? Status.Ok,
    /** Always Ok: whether it is sent is seen after the callback only. */
    proxy_send_local_response: (
      status: number,
      details: number,
      detailsLength: number,
      body: number,
      bodyLength: number,
      headers: number,
      headersLength: number,
      grpcStatus: number,
    ) => {
      vm.current?.sendLocalResponse({
        status: status >>> 0,
        body: vm.memory.read(body, bodyLength),
        headers: decodePluginMap(vm.memory.read(headers, headersLength)),
        details: vm.memory.text(details, detailsLength).replaceAll(/\s/g, '_'),
        grpcStatus,
      })
      return Status.Ok
    },
  }
}
