import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'
import { placePopover } from './place-popover.ts'

/** A button that opens a menu below itself; Escape, or a click elsewhere, closes it. */
export function Menu(props: {
  label: ComponentChildren
  /** What a screen reader says, when the label is a sign. */
  name?: string
  class?: string
  /** Closes when something in it is pressed. */
  closing?: boolean
  children: ComponentChildren
}) {
  const { label, name, closing = false, children } = props
  const id = useId()
  const open = useSignal(false)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <>
      <button
        ref={button}
        type="button"
        class={props.class ?? ''}
        aria-label={name}
        aria-expanded={open.value}
        popovertarget={id}
      >
        {label}
      </button>
      <div
        id={id}
        popover="auto"
        class="menu"
        onToggle={(event) => {
          open.value = event.newState === 'open'
          if (open.value && button.current) placePopover(event.currentTarget, button.current)
        }}
        onClick={(event) => {
          if (closing && (event.target as Element).closest('button, a'))
            event.currentTarget.hidePopover()
        }}
      >
        {children}
      </div>
    </>
  )
}
