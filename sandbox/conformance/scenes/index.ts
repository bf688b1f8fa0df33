import type { Scene } from '../scene.ts'
import { batches, workers } from './batches.ts'
import { bodies } from './bodies.ts'
import { faults } from './faults.ts'
import { identity } from './identity.ts'
import { requests } from './requests.ts'
import { responses } from './responses.ts'

/** In the order in which they are played. */
export const SCENES: readonly Scene[] = [
  requests,
  faults,
  responses,
  batches,
  bodies,
  identity,
  workers,
]
