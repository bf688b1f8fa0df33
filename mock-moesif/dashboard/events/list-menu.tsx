import { ConfirmButton } from '../controls/confirm.tsx'
import { Link } from '../controls/link.tsx'
import { Menu } from '../controls/menu.tsx'
import { currentQuery } from '../live/address.ts'
import { attempt, notify } from '../live/notices.ts'
import { ExportLinks } from '../transfer/export-links.tsx'
import { ImportButton } from '../transfer/import-button.tsx'
import { ask } from '../wire/mock.ts'

/** Actions on all events. */
export function ListMenu() {
  const query = currentQuery.value.trim()
  return (
    <Menu label="⋯" name="More" class="quiet icon">
      <p class="faint">{query === '' ? 'All events' : 'The events that match'}</p>
      <ExportLinks filter={query} />
      <ImportButton application="" />
      <Link class="button" to={{ view: 'documents' }}>
        Forward…
      </Link>
      <ConfirmButton
        label="Clear all…"
        title="Clear all events?"
        verb="Clear"
        onConfirm={() => void clearAll()}
      >
        <p>Deletes the events, batches and requests of every application.</p>
      </ConfirmButton>
    </Menu>
  )
}

async function clearAll(): Promise<void> {
  const done = await attempt('Clearing', async () => {
    await ask('DELETE /_mock/events', {})
    return true
  })
  if (done) notify('Cleared all events')
}
