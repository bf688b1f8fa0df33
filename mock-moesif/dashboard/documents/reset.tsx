import { useRef } from 'preact/hooks'
import { attempt, notify } from '../live/notices.ts'
import { mock } from '../wire/mock.ts'

export function Reset({ application, onReset }: { application: string; onReset: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const reset = async () => {
    dialog.current?.close()
    const done = await attempt('The reset', async () => {
      await mock.application(application).reset()
      return true
    })
    if (!done) return
    notify(`Deleted what ${application} had sent`)
    onReset()
  }
  return (
    <>
      <button type="button" class="danger" onClick={() => dialog.current?.showModal()}>
        Reset {application}…
      </button>
      <dialog ref={dialog} aria-labelledby="reset-title">
        <h2 id="reset-title">Delete what {application} sent?</h2>
        <p>Its events, batches, faults and documents go; other applications keep theirs.</p>
        <div class="dialog-actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            Keep
          </button>
          <button type="button" class="danger" onClick={() => void reset()}>
            Delete
          </button>
        </div>
      </dialog>
    </>
  )
}
