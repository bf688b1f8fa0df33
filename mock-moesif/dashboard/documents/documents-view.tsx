import '../styles/pages.css'
import { useSignal } from '@preact/signals'
import { useEffect, useId } from 'preact/hooks'
import { applications, anyApplication, readApplications } from './applications.ts'
import { DocumentEditor } from './document-editor.tsx'
import { ForwardCard } from './forward-card.tsx'
import { Reset } from './reset.tsx'
import { ExportImportCard } from './export-import-card.tsx'

/** What the collector hands out to an application, and the session as a whole. */
export function DocumentsView() {
  const id = useId()
  const chosen = useSignal(anyApplication)
  useEffect(() => void readApplications(), [])
  const application = chosen.value
  return (
    <main class="page documents" aria-label="Documents">
      <section class="card row-card">
        <div class="field">
          <label for={id}>Application</label>
          <select
            id={id}
            class="mono"
            value={application}
            onChange={(event) => (chosen.value = event.currentTarget.value)}
          >
            <option value={anyApplication}>every other application</option>
            {applications.value.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </div>
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
