import type { StartedMockMoesif } from '#mock-moesif/index.ts'
import type { Runtime } from '../../envoy/runtime.ts'
import type { Level } from '../sentence.ts'
import type { Patience } from './patience.ts'
import type { Upstream } from './upstream.ts'

/** What all scenes of a judgement share. */
export interface Setting {
  /** The filter under test. */
  wasm: string
  level: Level
  runtime: Runtime
  mock: StartedMockMoesif
  upstream: Upstream
  patience: Patience
  /** Every line that an Envoy of any scene has logged. */
  log: LoggedLine[]
  /** Application ids and texts of users that have been used: none of them may be logged. */
  secrets: Set<string>
}

interface LoggedLine {
  scene: string
  line: string
}
