import { currentQuery } from '../live/address.ts'
import { plural } from '../text/format.ts'
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
          Import a file
          <input
            type="file"
            class="visually-hidden"
            accept=".ndjson,.json,.jsonl,.har"
            onChange={(event) => void read(event.currentTarget, application)}
          />
        </label>
      </div>
      <p class="faint">
        An export of a mock (NDJSON or JSON) keeps its applications. A HAR, and bare events, go to{' '}
        <span class="mono">{application || unnamed}</span>.
      </p>
    </section>
  )
}

/** The application of events that name none, when none is chosen. */
const unnamed = 'imported'

async function read(input: HTMLInputElement, application: string): Promise<void> {
  const file = input.files?.[0]
  if (!file) return
  const app = application || (namesApplications(await file.slice(0, 65_536).text()) ? '' : unnamed)
  const count = await attempt('The import', () =>
    app === '' ? mock.import(file) : mock.application(app).import(file),
  )
  if (count !== undefined)
    notify(`Imported ${plural(count, 'event')}${app === '' ? '' : ` as ${app}`}`)
  input.value = ''
}

/** Whether the file, by its beginning, is the export of a mock, whose every event names its application. */
function namesApplications(start: string): boolean {
  return /^\s*\[?\s*\{\s*"id":\s*\d+\s*,\s*"applicationId":/.test(start)
}
