import { deflateSync, inflateSync } from 'node:zlib'
import { Status } from '../abi/constants.ts'

export type ForeignFunction = (argument: Uint8Array) => Uint8Array | Status

/** Those of Envoy that a logging plugin has a use for. `compress` gives a zlib stream (RFC 1950), not gzip. */
export const envoyForeignFunctions: Readonly<Record<string, ForeignFunction>> = {
  compress: (argument) => deflateSync(argument),
  uncompress: (argument) => {
    try {
      return inflateSync(argument)
    } catch {
      return Status.SerializationFailure
    }
  },
  clear_route_cache: () => new Uint8Array(0),
}
