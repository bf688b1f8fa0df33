import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'

/** A button that opens what it holds below itself; pressed beside, or with Escape, it closes. */
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
  const panel = useRef<HTMLDivElement>(null)
  const place = () => {
    const from = button.current?.getBoundingClientRect()
    const element = panel.current
    if (!from || !element) return
    const { width, height } = element.getBoundingClientRect()
    const below = from.bottom + height + 6 < innerHeight || from.top < height
    element.style.left = `${Math.max(8, Math.min(from.left, innerWidth - width - 8))}px`
    element.style.top = below ? `${from.bottom + 4}px` : `${from.top - height - 4}px`
  }
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
        ref={panel}
        id={id}
        popover="auto"
        class="menu"
        onToggle={(event) => {
          open.value = event.newState === 'open'
          if (open.value) place()
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
