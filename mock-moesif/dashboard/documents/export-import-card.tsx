import { currentQuery } from '../live/address.ts'
import { plural } from '../live/format.ts'
import { attempt, notify } from '../live/notices.ts'
import { exportUrl, importEvents } from '../wire/sessions.ts'

/** The whole session as a file, out and in. */
export function ExportImportCard({ application }: { application: string }) {
  const query = currentQuery.value
  return (
    <section class="card">
      <h2>Export and import</h2>
      <p class="faint">{query ? `Only what matches: ${query}` : 'Every event held.'}</p>
      <div class="actions">
        <a class="button" href={exportUrl('ndjson', query)} download="events.ndjson">
          Export NDJSON
        </a>
        <a class="button" href={exportUrl('har', query)} download="events.har">
          Export HAR
        </a>
        <label class="button">
          Import NDJSON
          <input
            type="file"
            class="visually-hidden"
            accept=".ndjson,.json,.jsonl"
            onChange={(event) => void read(event.currentTarget, application)}
          />
        </label>
      </div>
    </section>
  )
}

async function read(input: HTMLInputElement, application: string): Promise<void> {
  const file = input.files?.[0]
  if (!file) return
  const answer = await attempt('The import', () => importEvents(file, application))
  if (answer) notify(`Imported ${plural(answer.imported, 'event')}`)
  input.value = ''
}
