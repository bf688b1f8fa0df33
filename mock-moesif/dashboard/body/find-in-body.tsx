import { type Signal, useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { TextFinder } from './find-text.ts'
import { expandTo, nothingExpanded } from './json-tree.tsx'
import type { BodyMode, BodyReading } from '../captured/read-body.ts'

/** Shorter texts are not searched for. */
const shortest = 60

/** A body with a field to find text in it: matches are marked, and the branches that lead to them opened. */
export function FindInBody(props: {
  label: string
  reading: BodyReading
  mode: BodyMode
  expansion: Signal<typeof nothingExpanded>
  children: ComponentChildren
}) {
  const { label, reading, mode, expansion, children } = props
  const place = useRef<HTMLDivElement>(null)
  const finder = useRef<TextFinder | null>(null)
  const wanted = useSignal('')
  const found = useSignal({ count: 0, at: 0 })

  useEffect(() => {
    const text = wanted.value
    if (mode === 'json' && text !== '') expansion.value = expandTo(reading.json, text)
    // The branches must be open before their text can be marked.
    const frame = requestAnimationFrame(() => {
      if (!place.current) return
      finder.current ??= new TextFinder(place.current)
      found.value = { count: finder.current.find(text), at: 0 }
    })
    return () => cancelAnimationFrame(frame)
  }, [wanted.value, mode, reading])
  useEffect(() => () => finder.current?.clear(), [])

  const step = (by: 1 | -1) => {
    found.value = { ...found.value, at: finder.current?.step(by) ?? 0 }
  }
  const { count, at } = found.value
  const searchable = mode !== 'image' && mode !== 'base64' && reading.bytes.length > shortest
  return (
    <>
      {searchable && (
        <div class="find">
          <input
            type="search"
            class="small"
            placeholder="Find"
            aria-label={`Find in ${label.toLowerCase()} body`}
            value={wanted.value}
            onInput={(event) => (wanted.value = event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return
              event.preventDefault()
              step(event.shiftKey ? -1 : 1)
            }}
          />
          <span class="faint" role="status">
            {wanted.value && (count === 0 ? 'not found' : at > 0 ? `${at} of ${count}` : count)}
          </span>
          {count > 1 && (
            <>
              <button type="button" aria-label="Previous match" onClick={() => step(-1)}>
                ↑
              </button>
              <button type="button" aria-label="Next match" onClick={() => step(1)}>
                ↓
              </button>
            </>
          )}
        </div>
      )}
      <div ref={place} class="body-content">
        {children}
      </div>
    </>
  )
}
