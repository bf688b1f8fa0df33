import { currentQuery } from '../live/address.ts'
import { ExportLinks } from '../transfer/export-links.tsx'
import { ImportButton, unnamed } from '../transfer/import-button.tsx'

/** The whole session as a file, out and in. */
export function ExportImportCard({ application }: { application: string }) {
  const query = currentQuery.value
  return (
    <section class="card">
      <h2>Export and import</h2>
      <p class="faint">{query ? `Only what matches: ${query}` : 'Every event held.'}</p>
      <div class="actions">
        <ExportLinks filter={query} />
        <ImportButton application={application} />
      </div>
      <p class="faint">
        An export of a mock (NDJSON or JSON) keeps its applications. A HAR, and bare events, go to{' '}
        <span class="mono">{application || unnamed}</span>.
      </p>
    </section>
  )
}
