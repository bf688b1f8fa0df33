/**
 * All that the list of events does not need, as one chunk: many small ones would compress worse. It is loaded once the list is
 * drawn.
 */

export { GroupsView } from './analysis/groups-view.tsx'
export { SeriesChart } from './analysis/series-chart.tsx'
export { BatchesView } from './batches/batches-view.tsx'
export { EventDetail } from './detail/event-detail.tsx'
export { DocumentsView } from './documents/documents-view.tsx'
export { FaultsView } from './faults/faults-view.tsx'
export { GatewayView } from './gateway/gateway-view.tsx'
export { PeopleView } from './people/people-view.tsx'
export { TypesView } from './types/types-view.tsx'
export { RulesView } from './rules/rules-view.tsx'
