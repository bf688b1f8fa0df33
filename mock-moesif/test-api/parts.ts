import type { Documents } from '../collector/documents.ts'
import type { Entities } from '../collector/entities.ts'
import type { Faults } from '../collector/faults.ts'
import type { ArrivalSearch } from '../store/arrival-search.ts'
import type { EventSearch } from '../store/event-search.ts'
import type { EventStore } from '../store/event-store.ts'
import type { Forwarding } from './forwarding.ts'
import type { GatewayView } from './gateway.ts'
import type { Stream } from './stream.ts'

/** What the routes of the test API work on. */
export interface Parts {
  store: EventStore
  search: EventSearch
  arrivals: ArrivalSearch
  faults: Faults
  documents: Documents
  entities: Entities
  stream: Stream
  forwarding: Forwarding
  gateway: GatewayView
  version: string
}
