import { EventsView } from './events/events-view.tsx'
import { Banners } from './shell/banners.tsx'
import { Help, helpOpen } from './shell/help.tsx'
import { useKeys } from './controls/keys.ts'
import { lazy } from './shell/lazy.tsx'
import { nextTheme } from './shell/theme-switch.tsx'
import { Toast } from './shell/toast.tsx'
import { TopBar } from './shell/top-bar.tsx'
import { utc } from './live/preferences.ts'
import { currentView, go, views } from './live/address.ts'
import { focusQuery } from './query/query-box.tsx'

const bodies = {
  events: EventsView,
  batches: lazy((rest) => rest.BatchesView),
  gateway: lazy((rest) => rest.GatewayView),
  people: lazy((rest) => rest.PeopleView),
  types: lazy((rest) => rest.TypesView),
  rules: lazy((rest) => rest.RulesView),
  faults: lazy((rest) => rest.FaultsView),
  documents: lazy((rest) => rest.DocumentsView),
}

export function App() {
  const View = bodies[currentView.value]
  useKeys([
    ...views.map((view, index) => ({ keys: [String(index + 1)], run: () => go({ view }) })),
    { keys: ['/'], run: toQuery },
    { keys: ['?'], run: () => (helpOpen.value = true) },
    { keys: ['t'], run: nextTheme },
    { keys: ['u'], run: () => (utc.value = !utc.peek()) },
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

/** Before the next key is handled: what is typed right after `/` belongs into the box. */
function toQuery(): void {
  if (focusQuery()) return
  go({ view: 'events' })
  // Preact renders in a microtask that `go` has queued.
  queueMicrotask(focusQuery)
}
