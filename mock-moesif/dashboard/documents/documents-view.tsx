import { useSignal } from '@preact/signals'
import { ApplicationSelect } from './application-select.tsx'
import { anyApplication, readApplications } from './applications.ts'
import { DocumentEditor } from './document-editor.tsx'
import { ForwardCard } from './forward-card.tsx'
import { Reset } from './reset.tsx'
import { ExportImportCard } from './export-import-card.tsx'

/** What the collector hands out to an application, and the session as a whole. */
export function DocumentsView() {
  const chosen = useSignal(anyApplication)
  const application = chosen.value
  return (
    <main class="page documents" aria-label="Documents">
      <section class="card row-card">
        <ApplicationSelect value={application} onChange={(name) => (chosen.value = name)} />
        {application !== anyApplication && (
          <Reset
            application={application}
            onReset={() => {
              chosen.value = anyApplication
              void readApplications()
            }}
          />
        )}
      </section>
      <div class="cards wide">
        <DocumentEditor key={`config ${application}`} application={application} kind="config" />
        <DocumentEditor key={`rules ${application}`} application={application} kind="rules" />
      </div>
      <div class="cards wide">
        <ExportImportCard application={application === anyApplication ? '' : application} />
        <ForwardCard application={application} />
      </div>
    </main>
  )
}
