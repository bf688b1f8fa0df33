import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'

/** A button whose action cannot be undone: it asks first. */
export function ConfirmButton(props: {
  label: string
  title: string
  children: ComponentChildren
  /** The label of the button that confirms. */
  verb: string
  onConfirm: () => void
}) {
  const { label, title, children, verb, onConfirm } = props
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  return (
    <>
      <button type="button" class="danger" onClick={() => dialog.current?.showModal()}>
        {label}
      </button>
      <dialog ref={dialog} aria-labelledby={id}>
        <h2 id={id}>{title}</h2>
        {children}
        <div class="dialog-actions">
          <button type="button" onClick={() => dialog.current?.close()}>
            Keep
          </button>
          <button
            type="button"
            class="danger"
            onClick={() => {
              dialog.current?.close()
              onConfirm()
            }}
          >
            {verb}
          </button>
        </div>
      </dialog>
    </>
  )
}
