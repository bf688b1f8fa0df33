import type { ListenerOptions, ListenerPlacement } from './listener.ts'

/** What depends on where Envoy runs, not on what it does. */
export interface Placement {
  /** How Envoy reaches servers of this machine. */
  hostAddress: string
  admin: { address: string; port: number }
  /** Where the n-th listener binds. */
  listener: (options: ListenerOptions, index: number) => Pick<ListenerPlacement, 'address' | 'port'>
  wasmPath: ListenerPlacement['wasmPath']
  /** Whether Envoy sees no files of this machine but those that it is given. */
  ownFileSystem?: boolean
  /** Of the listener discovery service on this machine; required for `updatable`. */
  discoveryPort?: number
}
