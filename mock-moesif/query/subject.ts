import type { EventSummary } from '../model/event.ts'

/** What a query is asked about. Without `event`, conditions on headers, bodies and the like don't hold. */
export type Subject = EventSummary & { event?: unknown }
