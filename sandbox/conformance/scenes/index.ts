import type { Scene } from '../scene.ts'
import { batches, workers } from './batches.ts'
import { bodies } from './bodies.ts'
import { configuration, zeroBatchSize } from './configuration.ts'
import { drained, shutdown, updates } from './ends.ts'
import { faults } from './faults.ts'
import { governance } from './governance.ts'
import { http3 } from './http3.ts'
import { identity } from './identity.ts'
import { logs } from './logs.ts'
import { moduleSize } from './module.ts'
import { privacy } from './privacy.ts'
import { protocols } from './protocols.ts'
import { refusals } from './refusals.ts'
import { requests } from './requests.ts'
import { responses } from './responses.ts'
import { robustness } from './robustness.ts'
import { sampling } from './sampling.ts'

/** In the order in which they are played: what waits long comes early. */
export const SCENES: readonly Scene[] = [
  requests,
  governance,
  sampling,
  faults,
  batches,
  updates,
  responses,
  bodies,
  protocols,
  http3,
  identity,
  privacy,
  configuration,
  robustness,
  refusals,
  workers,
  shutdown,
  drained,
  zeroBatchSize,
  moduleSize,
  logs,
]
