import { Status } from '../../abi/constants.ts'
import type { HostFunction } from '../host-function.ts'
import type { Caller } from '../caller.ts'
import { decodePluginMap } from './header-maps.ts'

/** The kind of call is in the two low bits of a token. */
const GRPC_CALL = 1
const GRPC_STREAM = 2
const isGrpc = (token: number): boolean => {
  const kind = token & 3
  return kind === GRPC_CALL || kind === GRPC_STREAM
}

/** Calls that leave the VM: HTTP, foreign functions. gRPC is refused, as by an Envoy that does not know the service. */
export function outwardFunctions(vm: Caller): Record<string, HostFunction> {
  const { hostCalls, foreignFunctions } = vm.host
  return {
    proxy_http_call: (
      cluster: number,
      clusterLength: number,
      headers: number,
      headersLength: number,
      body: number,
      bodyLength: number,
      trailers: number,
      trailersLength: number,
      timeout: number,
      tokenAt: number,
    ) => {
      const root = vm.current?.root
      if (!root) return Status.BadArgument
      hostCalls.of('proxy_http_call').bytes += headersLength + bodyLength + trailersLength
      const { result, token } = root.httpCall({
        cluster: vm.memory.text(cluster, clusterLength),
        headers: decodePluginMap(vm.memory.read(headers, headersLength)),
        body: vm.memory.read(body, bodyLength),
        trailers: decodePluginMap(vm.memory.read(trailers, trailersLength)),
        timeoutMs: timeout | 0,
      })
      vm.memory.writeU32(tokenAt, token)
      return result
    },
    proxy_call_foreign_function: (
      name: number,
      nameLength: number,
      argument: number,
      argumentLength: number,
      addressAt: number,
      sizeAt: number,
    ) => {
      const run = foreignFunctions.get(vm.memory.text(name, nameLength))
      if (!run) return Status.NotFound
      const result = run(vm.memory.read(argument, argumentLength))
      if (!(result instanceof Uint8Array)) {
        vm.memory.writeU32(addressAt, 0)
        vm.memory.writeU32(sizeAt, 0)
        return result
      }
      hostCalls.of('proxy_call_foreign_function').bytes += argumentLength + result.length
      vm.memory.give(result, addressAt, sizeAt)
      return Status.Ok
    },
    proxy_get_status: (codeAt: number, addressAt: number, sizeAt: number) => {
      const { code, message } = vm.current?.root.callStatus ?? { code: 0, message: '' }
      vm.memory.writeU32(codeAt, code)
      vm.memory.give(Buffer.from(message), addressAt, sizeAt)
      return Status.Ok
    },
    proxy_grpc_call: () => Status.BadArgument,
    proxy_grpc_stream: () => Status.BadArgument,
    proxy_grpc_cancel: (token: number) => (isGrpc(token) ? Status.NotFound : Status.BadArgument),
    proxy_grpc_close: (token: number) => (isGrpc(token) ? Status.NotFound : Status.BadArgument),
    proxy_grpc_send: (token: number) =>
      (token & 3) === GRPC_STREAM ? Status.NotFound : Status.BadArgument,
  }
}
