import { BatchesView } from './batches/batches-view.tsx'
import { DocumentsView } from './documents/documents-view.tsx'
import { EventsView } from './events/events-view.tsx'
import { FaultsView } from './faults/faults-view.tsx'
import { Banners } from './frame/banners.tsx'
import { Help, helpOpen } from './frame/help.tsx'
import { useKeys } from './frame/keys.ts'
import { nextTheme } from './frame/theme-switch.tsx'
import { Toast } from './frame/toast.tsx'
import { TopBar } from './frame/top-bar.tsx'
import { GatewayView } from './gateway/gateway-view.tsx'
import { currentView, go, views } from './live/address.ts'
import { focusQuery } from './query/query-box.tsx'

const bodies = {
  events: EventsView,
  batches: BatchesView,
  gateway: GatewayView,
  faults: FaultsView,
  documents: DocumentsView,
}

export function App() {
  const View = bodies[currentView.value]
  useKeys([
    ...views.map((view, index) => ({ keys: [String(index + 1)], run: () => go({ view }) })),
    { keys: ['/'], run: toQuery },
    { keys: ['?'], run: () => (helpOpen.value = true) },
    { keys: ['t'], run: nextTheme },
  ])
  return (
    <>
      <TopBar />
      <Banners />
      <View />
      <Help />
      <Toast />
    </>
  )
}

/** From any view, and before the next key: what is typed right after `/` belongs into the box. */
function toQuery(): void {
  if (focusQuery()) return
  go({ view: 'events' })
  // Preact renders in a microtask that `go` has queued.
  queueMicrotask(focusQuery)
}
