import { useSignal, useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { address, go, typingQuery } from '../live/address.ts'
import { queryHistory, rememberQuery } from '../live/preferences.ts'
import { session } from '../live/session.ts'
import { Chips } from './chips.tsx'
import { queryProblems } from '../live/query-problems.ts'
import { suggest, suggestValues, type Suggestion } from './suggestions.ts'

/** @param first whether an earlier query ends here: Back returns to it */
const write = (query: string, first: boolean) =>
  go({ query, event: null, compare: null }, { replace: !first })

/** Continuous typing is one step for the Back button. */
function writeTyped(query: string): void {
  write(query, !typingQuery.peek())
  typingQuery.value = true
}

const boxId = 'query'

/** False when the box is not on the page. */
export function focusQuery(): boolean {
  const box = document.getElementById(boxId)
  box?.focus()
  return box !== null
}

/** One line in the query language: filters as one types, completes, and underlines what it does not understand. */
export function QueryBox() {
  const input = useRef<HTMLInputElement>(null)
  const text = address.value.query
  const offered = useSignal<Suggestion[]>([])
  /** Whether the list of offers is wanted, though there may be nothing to offer yet. */
  const asking = useRef(false)
  const values = useRef<AbortController | null>(null)
  const picked = useSignal(-1)
  const shift = useSignal(0)
  const problems = queryProblems(text)
  // While one types, the last term is not yet a mistake.
  const [problem] = typingQuery.value ? problems.filter(({ end }) => end < text.length) : problems
  const open = offered.value.length > 0

  const close = () => {
    asking.current = false
    values.current?.abort()
    offered.value = []
    picked.value = -1
  }
  const offer = () => {
    asking.current = true
    const { value, selectionStart } = input.current ?? { value: '', selectionStart: 0 }
    const caret = selectionStart ?? value.length
    offered.value = suggest(value, caret, queryHistory.peek())
    picked.value = -1
    values.current?.abort()
    const mine = (values.current = new AbortController())
    suggestValues(value, caret, mine.signal).then(
      (found) => {
        if (!mine.signal.aborted && found.length > 0) offered.value = found
        return undefined
      },
      // The mock is asked again with the next letter.
      () => undefined,
    )
  }
  // Values may arrive after they were asked for; a list that is open stays as it is.
  useSignalEffect(() => {
    void session.counts.value
    if (asking.current && offered.peek().length === 0) offer()
  })
  const finish = () => {
    typingQuery.value = false
    rememberQuery(text)
    close()
  }
  const accept = (suggestion: Suggestion) => {
    writeTyped(suggestion.text)
    close()
    const field = input.current
    if (!field) return
    field.value = suggestion.text
    field.focus()
    field.setSelectionRange(suggestion.caret, suggestion.caret)
    if (/[:.]$/.test(suggestion.text.slice(0, suggestion.caret))) offer()
  }

  const onKeyDown = (event: KeyboardEvent) => {
    const count = offered.value.length
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      if (!open) offer()
      else if (event.key === 'ArrowDown') picked.value = (picked.value + 1) % count
      else picked.value = picked.value <= 0 ? count - 1 : picked.value - 1
      return
    }
    if ((event.key === 'Enter' || event.key === 'Tab') && open && picked.value >= 0) {
      event.preventDefault()
      const suggestion = offered.value[picked.value]
      if (suggestion) accept(suggestion)
    } else if (event.key === 'Enter') {
      finish()
    } else if (event.key === 'Escape') {
      event.preventDefault()
      if (open) close()
      else {
        input.current?.blur()
        document.querySelector<HTMLElement>('.list')?.focus()
      }
    }
  }

  return (
    <div class="query">
      <div class={problem ? 'query-line wrong' : 'query-line'}>
        <span class="query-sign" aria-hidden="true">
          ⌕
        </span>
        <div class="query-field">
          <input
            ref={input}
            id={boxId}
            type="text"
            role="combobox"
            class="mono"
            aria-label="Query"
            aria-expanded={open}
            aria-controls="query-offers"
            aria-autocomplete="list"
            aria-activedescendant={picked.value >= 0 ? `offer-${picked.value}` : undefined}
            aria-invalid={problem !== undefined}
            aria-describedby={problem ? 'query-problem' : undefined}
            placeholder="status:>=500 verb:POST user:u1 -path:/health"
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            value={text}
            onInput={(event) => {
              writeTyped(event.currentTarget.value)
              offer()
            }}
            onFocus={() => {
              if (text === '') offer()
            }}
            onBlur={() => {
              finish()
            }}
            onScroll={(event) => (shift.value = event.currentTarget.scrollLeft)}
            onKeyDown={onKeyDown}
          />
          {problem && (
            <i
              class="squiggle"
              style={{
                left: `calc(${problem.start}ch - ${shift.value}px)`,
                width: `${Math.max(1, problem.end - problem.start)}ch`,
              }}
            />
          )}
        </div>
        {text && (
          <button
            type="button"
            class="quiet icon"
            aria-label="Clear the query"
            onClick={() => write('', true)}
          >
            ×
          </button>
        )}
        <kbd aria-hidden="true">/</kbd>
      </div>
      {problem && (
        <p id="query-problem" class="query-problem" role="alert">
          {problem.message}
        </p>
      )}
      <ul id="query-offers" class="offers" role="listbox" aria-label="Suggestions" hidden={!open}>
        {offered.value.map((suggestion, index) => (
          <li
            key={suggestion.label + index}
            id={`offer-${index}`}
            role="option"
            aria-selected={index === picked.value}
            onPointerDown={(event) => {
              event.preventDefault()
              accept(suggestion)
            }}
          >
            <span class="mono">{suggestion.label}</span>
            <span class="faint">{suggestion.hint}</span>
          </li>
        ))}
      </ul>
      <Chips />
    </div>
  )
}
