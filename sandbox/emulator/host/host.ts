import type { CallbackPlace } from './callback-place.ts'
import type { Clock } from './clock.ts'
import type { Callouts } from './callouts.ts'
import type { ForeignFunction } from './foreign-functions.ts'
import type { HostCallCounts } from './host-call-counts.ts'
import type { LogBook } from './log-book.ts'
import type { Metrics } from './metrics.ts'
import type { SharedStore } from './shared-store.ts'
import type { Trace } from './trace.ts'

/** A crash of a VM: it runs no callback after this one. */
export interface Trap extends CallbackPlace {
  callback: string
  /** The host function that was called last before it, by any callback of this VM. */
  lastHostCall: string | null
  error: Error
  /** Emulated time, Unix ms. */
  at: number
}

/** What all threads of one emulated Envoy share. */
export interface Host {
  readonly clock: Clock
  readonly callouts: Callouts
  readonly foreignFunctions: Map<string, ForeignFunction>
  readonly hostCalls: HostCallCounts
  readonly logs: LogBook
  readonly metrics: Metrics
  readonly shared: SharedStore
  readonly trace: Trace
  readonly traps: Trap[]
  readonly random: (bytes: Uint8Array) => void
}
