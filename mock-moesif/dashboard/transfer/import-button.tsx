import { attempt, notify } from '../live/notices.ts'
import { plural } from '../text/format.ts'
import { ask } from '../wire/mock.ts'

/** The application of events that name none, when none is chosen. */
export const unnamed = 'imported'

/** @param application where the events go; `''` for the applications that they name */
export function ImportButton({ application }: { application: string }) {
  return (
    <label class="button">
      Import a file
      <input
        type="file"
        class="visually-hidden"
        accept=".ndjson,.json,.jsonl,.har"
        onChange={(event) => void read(event.currentTarget, application)}
      />
    </label>
  )
}

async function read(input: HTMLInputElement, application: string): Promise<void> {
  const file = input.files?.[0]
  if (!file) return
  const app = application || (namesApplications(await file.slice(0, 65_536).text()) ? '' : unnamed)
  const done = await attempt('The import', () =>
    ask('POST /_mock/events/import', { query: { app: app || undefined }, body: file }),
  )
  if (done) notify(`Imported ${plural(done.imported, 'event')}${app === '' ? '' : ` as ${app}`}`)
  input.value = ''
}

/** Whether the file, by its beginning, is the export of a mock, whose every event names its application. */
function namesApplications(start: string): boolean {
  return /^\s*\[?\s*\{\s*"id":\s*\d+\s*,\s*"applicationId":/.test(start)
}
