import { signal } from '@preact/signals'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { findField } from '#mock-moesif/query/index.ts'
import { placePopover } from '../controls/place-popover.ts'
import { copy } from '../copy/clipboard.ts'
import { showColumn } from '../live/columns.ts'
import { currentQuery, go } from '../live/address.ts'
import { term, withTerm } from '../query/terms.ts'

interface Asked {
  /** The element that was pressed: the focus returns to it. */
  from: HTMLElement
  /** Null when the query language can't ask for it. */
  field: string | null
  value: unknown
}

const asked = signal<Asked | null>(null)

export function askFor(from: HTMLElement, field: string | null, value: unknown): void {
  asked.value = { from, field, value }
}

const filterBy = (added: string) =>
  go({
    view: 'events',
    query: withTerm(currentQuery.peek(), added),
    event: null,
    compare: null,
  })

/** What can be done with a value that was pressed: only events with it, none of them, or a copy of it. */
export function ValueMenu() {
  const menu = useRef<HTMLDivElement>(null)
  const { from, field, value } = asked.value ?? {}
  useLayoutEffect(() => {
    const element = menu.current
    if (!element || !from) return
    element.showPopover()
    placePopover(element, from)
    element.querySelector('button')?.focus()
  }, [from])
  if (!from) return null

  const text = typeof value === 'string' ? value : JSON.stringify(value)
  // An absent value is what a field without one has, and null reads the same.
  const condition = field && value !== null ? term(field, text) : null
  const close = () => {
    asked.value = null
    if (from.isConnected) from.focus()
  }
  const choose = (run: () => void) => () => {
    asked.value = null
    run()
  }
  return (
    <div
      ref={menu}
      popover="auto"
      class="menu"
      role="menu"
      aria-label="This value"
      onToggle={(event) => {
        if (event.newState === 'closed' && asked.peek()?.from === from) asked.value = null
      }}
      onKeyDown={(event) => {
        const items = [...event.currentTarget.querySelectorAll('button')]
        const at = items.findIndex((item) => item === document.activeElement)
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
        if (step !== undefined) items[(at + step + items.length) % items.length]?.focus()
        else if (event.key === 'Escape' || event.key === 'Tab') close()
        else return
        event.preventDefault()
        event.stopPropagation()
      }}
    >
      {condition && (
        <>
          <button type="button" role="menuitem" onClick={choose(() => filterBy(condition))}>
            Only events with this
          </button>
          <button type="button" role="menuitem" onClick={choose(() => filterBy(`-${condition}`))}>
            No events with this
          </button>
          {field && findField(field)?.field.prefix && (
            <button type="button" role="menuitem" onClick={choose(() => showColumn(field))}>
              Show as a column
            </button>
          )}
        </>
      )}
      <button
        type="button"
        role="menuitem"
        onClick={choose(() => {
          from.focus()
          void copy(text, 'the value')
        })}
      >
        Copy the value
      </button>
    </div>
  )
}
