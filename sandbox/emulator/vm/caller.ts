import type { AbiVersion, LogLevel } from '../abi/constants.ts'
import type { Host } from '../host/host.ts'
import type { MetricIds } from '../host/metrics.ts'
import type { Context } from './context.ts'
import type { Memory } from './memory.ts'

/** What host functions see of the VM that calls them. */
export interface Caller {
  readonly abi: AbiVersion
  readonly host: Host
  readonly vmId: string
  readonly memory: Memory
  readonly metricIds: MetricIds
  /** `vm_config.environment_variables`. */
  readonly environment: Readonly<Record<string, string>>
  /** The context that host calls act on: the one of the running callback unless the plugin chose another. */
  readonly current: Context | null
  /** Writes to the log of the host, with who runs. */
  log(level: LogLevel, message: string): void
  /** False where there is no such context. */
  setEffectiveContext(id: number): boolean
}
