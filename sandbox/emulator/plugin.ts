import { logLevels, type LogLevel } from './abi/constants.ts'
import type { LogEntry } from './host/log-book.ts'
import type { PluginSettings } from './contexts/plugin-settings.ts'

const isTrouble = (level: LogLevel): boolean =>
  logLevels.indexOf(level) >= logLevels.indexOf('warn')

/** A thread, as far as a plugin that is removed needs it. */
export interface PluginThread {
  unload(key: string): void
}

/** One plugin with one configuration, on all threads. */
export class Plugin {
  readonly settings: PluginSettings
  /** False when on_vm_start or on_configure refused (or trapped): then Envoy would not load it, and no thread has it. */
  readonly accepted: boolean
  /** What it logged while it was being configured, on all threads. */
  readonly logs: readonly LogEntry[]
  readonly key: string
  readonly #threads: readonly PluginThread[]
  readonly #onRemove: () => void

  constructor(
    key: string,
    settings: PluginSettings,
    accepted: boolean,
    logs: readonly LogEntry[],
    threads: readonly PluginThread[],
    onRemove: () => void,
  ) {
    this.key = key
    this.settings = settings
    this.accepted = accepted
    this.logs = logs
    this.#threads = threads
    this.#onRemove = onRemove
  }

  /** @internal Why no thread has it: refused, with what it logged last (of its troubles, if any), or ended since. */
  get absence(): string {
    if (this.accepted) return 'it was removed, shut down, or is of another emulator'
    const last = this.logs.findLast(({ level }) => isTrouble(level)) ?? this.logs.at(-1)
    const logged = last ? `it logged (${last.level}): ${last.message}` : 'it logged nothing'
    return `it refused its configuration; ${logged}`
  }

  /**
   * The end of the drain time: on_done on every worker, then on the main thread. Where another plugin lives in the same
   * VM (the updated configuration of this one, say) the VM stays and answers still come; else it goes at once.
   */
  remove(): void {
    for (const thread of this.#threads) thread.unload(this.key)
    this.#onRemove()
  }
}
