import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { currentQuery, go } from '../live/address.ts'
import { amount, plural } from '../text/format.ts'
import { hiddenColumns } from '../live/preferences.ts'
import { session } from '../live/session.ts'
import { withTerm } from '../query/terms.ts'
import { columns } from './columns.ts'

/** Between query and list: how many there are, what was dropped, pause, columns. */
export function ListBar({ onShowNew }: { onShowNew: () => void }) {
  const { list, paused } = session
  const held = list.rows.heldBack.value
  const { events, bad, warning } = list.matching.value
  const evicted = session.counts.value?.evicted ?? 0
  return (
    <div class="list-bar">
      <span class="list-count" aria-live="off">
        {list.loaded.value && plural(events, 'event')}
      </span>
      {bad > 0 && <Verdicts count={bad} name="bad" />}
      {warning > 0 && <Verdicts count={warning} name="warning" />}
      {evicted > 0 && (
        <span class="faint" title="The mock holds a bounded number of events; the oldest went">
          {amount(evicted)} dropped by the bound
        </span>
      )}
      {held > 0 && (
        <button type="button" class="pill" title="n" onClick={onShowNew}>
          ↑ {amount(held)} new
        </button>
      )}
      <span class="spacer" />
      <button
        type="button"
        class="quiet"
        aria-pressed={paused.value}
        title="p"
        onClick={() => (paused.value = !paused.value)}
      >
        {paused.value ? '▶ Resume' : '❚❚ Pause'}
      </button>
      <ColumnMenu />
    </div>
  )
}

/** Of those that match the query; a press asks for them. */
function Verdicts({ count, name }: { count: number; name: 'bad' | 'warning' }) {
  return (
    <button
      type="button"
      class={`link count-${name}`}
      onClick={() => go({ query: withTerm(currentQuery.peek(), `${name}:true`), event: null })}
    >
      {name === 'bad' ? `${amount(count)} bad` : plural(count, 'warning')}
    </button>
  )
}

function ColumnMenu() {
  const open = useSignal(false)
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open.value) return undefined
    const away = (event: Event) => {
      if (!place.current?.contains(event.target as Node)) open.value = false
    }
    document.addEventListener('pointerdown', away)
    return () => document.removeEventListener('pointerdown', away)
  }, [open.value])
  const hidden = hiddenColumns.value
  return (
    <div
      ref={place}
      class="menu-place"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !open.value) return
        event.preventDefault()
        open.value = false
        place.current?.querySelector('button')?.focus()
      }}
    >
      <button
        type="button"
        class="quiet"
        aria-expanded={open.value}
        onClick={() => (open.value = !open.value)}
      >
        Columns
      </button>
      {open.value && (
        <fieldset class="menu">
          <legend class="visually-hidden">Columns</legend>
          {columns.map(({ name, title }) => (
            <label key={name}>
              <input
                type="checkbox"
                checked={!hidden.includes(name)}
                onChange={(event) =>
                  (hiddenColumns.value = event.currentTarget.checked
                    ? hidden.filter((other) => other !== name)
                    : [...hidden, name])
                }
              />
              {title}
            </label>
          ))}
        </fieldset>
      )}
    </div>
  )
}
