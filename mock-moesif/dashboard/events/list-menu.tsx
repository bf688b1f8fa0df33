import { ConfirmButton } from '../controls/confirm.tsx'
import { Menu } from '../controls/menu.tsx'
import { currentQuery, go } from '../live/address.ts'
import { attempt, notify } from '../live/notices.ts'
import { ImportButton } from '../transfer/import-button.tsx'
import { mock } from '../wire/mock.ts'

/** What is done with events as a whole, where one looks for it: beside them. */
export function ListMenu() {
  const query = currentQuery.value.trim()
  const filter = query
  return (
    <Menu label="⋯" name="More" class="quiet icon">
      <p class="faint">{query === '' ? 'All events' : 'The events that match'}</p>
      <a
        class="button"
        href={mock.exportUrl({ filter, format: 'ndjson' })}
        download="events.ndjson"
      >
        Export NDJSON
      </a>
      <a class="button" href={mock.exportUrl({ filter, format: 'har' })} download="events.har">
        Export HAR
      </a>
      <ImportButton application="" />
      <button type="button" onClick={() => go({ view: 'documents' })}>
        Forward…
      </button>
      <ConfirmButton
        label="Clear all…"
        title="Clear all events?"
        verb="Clear"
        onConfirm={() => void clearAll()}
      >
        <p>The events, batches and requests of every application go.</p>
      </ConfirmButton>
    </Menu>
  )
}

async function clearAll(): Promise<void> {
  const done = await attempt('Clearing', async () => {
    await mock.resetAll()
    return true
  })
  if (done) notify('Cleared all events')
}
