import type { StartedMockMoesif } from '#mock-moesif/index.ts'
import type { Runtime } from '../../envoy/runtime.ts'
import type { Level } from '../sentence.ts'
import type { Envoys } from './envoys.ts'
import type { EventTimeout } from './event-timeout.ts'
import type { Upstream } from './upstream.ts'

/** What all scenes of a judgement share. */
export interface Setting {
  /** The filter under test. */
  wasm: string
  level: Level
  runtime: Runtime
  mock: StartedMockMoesif
  upstream: Upstream
  envoys: Envoys
  eventTimeout: EventTimeout
  /** Every line that an Envoy of any scene has logged. */
  log: LoggedLine[]
  /** All that have been used: none of them may be logged. */
  applicationIds: Set<string>
  /** How late timers of this process have been at most, in milliseconds: what a busy machine does to every time. */
  lagMs: () => number
  /** Of the Envoy that was started last. */
  envoyVersion: string
}

export interface LoggedLine {
  scene: string
  line: string
}
