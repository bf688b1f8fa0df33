import { useKeys } from '../controls/keys.ts'
import { closeDetail } from '../detail/close.ts'
import { Chart } from './chart.tsx'
import { lazy } from '../shell/lazy.tsx'
import { address, currentGroup, go, selectedEvent } from '../live/address.ts'
import { session } from '../live/session.ts'
import { QueryBox } from '../query/query-box.tsx'
import { EventList } from './event-list.tsx'
import { ListBar } from './list-bar.tsx'
import { EmptyList } from './empty-list.tsx'

const GroupsView = lazy((rest) => rest.GroupsView)
const EventDetail = lazy((rest) => rest.EventDetail)

export function EventsView() {
  const opened = selectedEvent.value !== null
  const grouped = currentGroup.value !== null
  useKeys([
    { keys: ['p'], run: () => (session.paused.value = !session.paused.peek()) },
    { keys: ['n'], run: toNewest },
    {
      keys: ['Escape'],
      run: () => {
        if (address.peek().compare !== null) go({ compare: null })
        else if (selectedEvent.peek() !== null) closeDetail()
        else toNewest()
      },
    },
  ])
  return (
    <main class={opened ? 'events opened' : 'events'} aria-label="Events">
      <div class="events-main">
        <QueryBox />
        {session.list.matching.value.events > 0 && <Chart />}
        <ListBar onShowNew={toNewest} />
        <div class="list-place">
          {grouped ? <GroupsView key={currentGroup.value} /> : <EventList />}
          <EmptyList />
        </div>
      </div>
      {opened && <EventDetail />}
    </main>
  )
}

/** To the top, where the newest are; following again unless an event is open. */
function toNewest(): void {
  document.querySelector('.list')?.scrollTo({ top: 0 })
  session.scrolled.value = false
  session.held.value = false
  session.showNew()
}
