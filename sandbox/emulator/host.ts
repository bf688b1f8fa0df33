import type { Clock } from './clock.ts'
import type { Collector } from './collector.ts'
import type { ForeignFunction } from './foreign-functions.ts'
import type { HostCallCounts } from './host-call-counts.ts'
import type { LogBook } from './log-book.ts'
import type { Metrics } from './metrics.ts'
import type { SharedStore } from './shared-store.ts'

/** A crash of a VM: it runs no callback after this one. */
export interface Trap {
  thread: string
  callback: string
  error: Error
}

/** What all threads of one emulated Envoy share. */
export interface Host {
  readonly clock: Clock
  readonly collector: Collector
  readonly foreignFunctions: Map<string, ForeignFunction>
  readonly hostCalls: HostCallCounts
  readonly logs: LogBook
  readonly metrics: Metrics
  readonly shared: SharedStore
  readonly traps: Trap[]
  readonly random: (bytes: Uint8Array) => void
}
