import type { CallbackPlace } from './callback-place.ts'
import { requireOneOf } from './option-checks.ts'
import { logLevels, type LogLevel } from '../abi/constants.ts'

export interface LogEntry extends CallbackPlace {
  level: LogLevel
  message: string
  /** Emulated time, Unix ms. */
  at: number
}

/** What plugins logged at or above the level, as Envoy's `wasm` logger would show it. */
export class LogBook {
  readonly entries: LogEntry[] = []
  level: LogLevel

  constructor(level: LogLevel) {
    this.level = requireOneOf('The option logLevel', level, logLevels)
  }

  get levelNumber(): number {
    return logLevels.indexOf(this.level)
  }

  write(entry: LogEntry): void {
    if (logLevels.indexOf(entry.level) >= this.levelNumber) this.entries.push(entry)
  }

  /** Messages of a level, or of all. */
  messages(level?: LogLevel): string[] {
    return this.entries.filter((e) => !level || e.level === level).map((e) => e.message)
  }
}
