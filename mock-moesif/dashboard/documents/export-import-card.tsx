import { currentQuery } from '../live/address.ts'
import { ImportButton, unnamed } from '../transfer/import-button.tsx'
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
        <ImportButton application={application} />
      </div>
      <p class="faint">
        An export of a mock (NDJSON or JSON) keeps its applications. A HAR, and bare events, go to{' '}
        <span class="mono">{application || unnamed}</span>.
      </p>
    </section>
  )
}
