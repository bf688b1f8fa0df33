import { currentQuery } from '../live/address.ts'
import { plural } from '../live/format.ts'
import { attempt, notify } from '../live/notices.ts'
import { mock } from '../wire/mock.ts'

/** The whole session as a file, out and in. */
export function ExportImportCard({ application }: { application: string }) {
  const query = currentQuery.value
  return (
    <section class="card">
      <h2>Export and import</h2>
      <p class="faint">{query ? `Only what matches: ${query}` : 'Every event held.'}</p>
      <div class="actions">
        <a
          class="button"
          href={mock.exportUrl({ filter: query, format: 'ndjson' })}
          download="events.ndjson"
        >
          Export NDJSON
        </a>
        <a
          class="button"
          href={mock.exportUrl({ filter: query, format: 'har' })}
          download="events.har"
        >
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

/** Bare events need an application; an export names its own. */
function importFile(file: File, application: string): Promise<number> {
  return application === '' ? mock.import(file) : mock.application(application).import(file)
}

async function read(input: HTMLInputElement, application: string): Promise<void> {
  const file = input.files?.[0]
  if (!file) return
  const imported = await attempt('The import', () => importFile(file, application))
  if (imported !== undefined) notify(`Imported ${plural(imported, 'event')}`)
  input.value = ''
}
