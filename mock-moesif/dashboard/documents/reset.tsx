import { ConfirmButton } from '../controls/confirm.tsx'
import { attempt, notify } from '../live/notices.ts'
import { ask } from '../wire/mock.ts'

export function Reset({ application, onReset }: { application: string; onReset: () => void }) {
  const reset = async () => {
    const done = await attempt('The reset', async () => {
      await ask('DELETE /_mock/applications/{id}', { path: { id: application } })
      return true
    })
    if (!done) return
    notify(`Deleted what ${application} had sent`)
    onReset()
  }
  return (
    <ConfirmButton
      label={`Reset ${application}…`}
      title={`Delete what ${application} sent?`}
      verb="Delete"
      onConfirm={() => void reset()}
    >
      <p>Deletes its events, batches, faults and documents; other applications keep theirs.</p>
    </ConfirmButton>
  )
}
