import { useKeys } from '../frame/keys.ts'
import { closeDetail } from '../detail/close.ts'
import { EventDetail } from '../detail/event-detail.tsx'
import { address, go, selectedEvent } from '../live/address.ts'
import { matching, paused, scrolled, showNew } from '../live/session.ts'
import { QueryBox } from '../query/query-box.tsx'
import { EventList } from './event-list.tsx'
import { Histogram } from './histogram.tsx'
import { ListBar } from './list-bar.tsx'
import { NothingYet } from './nothing-yet.tsx'

export function EventsView() {
  const opened = selectedEvent.value !== null
  useKeys([
    { keys: ['p'], run: () => (paused.value = !paused.peek()) },
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
        {matching.value > 0 && <Histogram />}
        <ListBar onShowNew={toNewest} />
        <div class="list-place">
          <EventList />
          <NothingYet />
        </div>
      </div>
      {opened && <EventDetail />}
    </main>
  )
}

/** To the top, where the newest are; following again unless an event is open. */
function toNewest(): void {
  document.querySelector('.list')?.scrollTo({ top: 0 })
  scrolled.value = false
  showNew()
}
