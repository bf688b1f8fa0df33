import type { Faults } from '../collector/faults.ts'
import type { Forwarding } from '../forwarding/forwarding.ts'
import type { GatewayView } from '../gateway/gateway-view.ts'
import type { EventAggregate } from '../store/aggregate/event-aggregate.ts'
import type { ArrivalSearch } from '../store/arrival-search.ts'
import type { Documents } from '../store/documents.ts'
import type { Entities } from '../store/entities.ts'
import type { EventSearch } from '../store/event-search.ts'
import type { EventStore } from '../store/event-store.ts'
import type { JudgeExpressions } from '../model/judge-expressions.ts'
import type { TryCall } from '../model/try-it.ts'
import type { Stream } from './stream.ts'

/** What the routes of the test API work on. */
export interface Parts {
  store: EventStore
  search: EventSearch
  aggregate: EventAggregate
  arrivals: ArrivalSearch
  faults: Faults
  documents: Documents
  entities: Entities
  stream: Stream
  forwarding: Forwarding
  gateway: GatewayView
  tryCall: TryCall | undefined
  judgeExpressions: JudgeExpressions | undefined
  version: string
}
