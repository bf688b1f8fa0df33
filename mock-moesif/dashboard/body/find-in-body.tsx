import { type Signal, useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import { TextFinder } from './find-text.ts'
import { type Expansion, expandTo, nothingExpanded, occurrences } from './json-tree.tsx'
import type { BodyMode, BodyReading } from '../captured/read-body.ts'

/** Shorter texts are not searched for. */
const shortest = 60

/** A body with a field to find text in it: matches are marked, and the branches that lead to them opened. */
export function FindInBody(props: {
  label: string
  reading: BodyReading
  mode: BodyMode
  expansion: Signal<Expansion>
  children: ComponentChildren
}) {
  const { label, reading, mode, expansion, children } = props
  const place = useRef<HTMLDivElement>(null)
  const finder = useRef<TextFinder | null>(null)
  /** Steps to matches that are not marked yet. */
  const early = useRef<(1 | -1)[] | null>(null)
  const wanted = useSignal('')
  const found = useSignal({ count: 0, at: 0 })

  // Both before the next key is handled: a match that is stepped to is one of what the search has opened.
  useLayoutEffect(() => {
    const text = wanted.value
    if (text !== '') expansion.value = search(reading, mode, text)
  }, [wanted.value, mode, reading])
  useLayoutEffect(() => {
    const text = wanted.value
    const steps = (early.current ??= [])
    // The branches must be open before their text can be marked.
    const frame = requestAnimationFrame(() => {
      if (!place.current) return
      const marks = (finder.current ??= new TextFinder(place.current))
      // The order counts: steps are among what is found.
      found.value = { count: marks.find(text), at: steps.reduce((_, by) => marks.step(by), 0) }
      early.current = null
    })
    return () => cancelAnimationFrame(frame)
  }, [wanted.value, mode, reading, expansion.value])
  useEffect(() => () => finder.current?.clear(), [])

  const step = (by: 1 | -1) => {
    if (early.current) early.current.push(by)
    else found.value = { ...found.value, at: finder.current?.step(by) ?? 0 }
  }
  const { count, at } = found.value
  const { total } = expansion.value
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
            onInput={(event) => {
              early.current?.splice(0)
              wanted.value = event.currentTarget.value
            }}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return
              event.preventDefault()
              step(event.shiftKey ? -1 : 1)
            }}
          />
          <span class="faint" role="status">
            {wanted.value &&
              (count === 0
                ? total > 0
                  ? 'only in what is not shown: see Text'
                  : 'not found'
                : `${at > 0 ? `${at} of ` : ''}${count}${total > count ? ` shown, ${total} in all` : ''}`)}
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

/** What has to be shown for all that is found to be marked, as far as that is bounded. */
function search({ json, bytes }: BodyReading, mode: BodyMode, text: string): Expansion {
  if (mode === 'json') return expandTo(json, text)
  if (mode === 'graphql') {
    const { query, ...rest } = json as Record<string, unknown>
    const found = expandTo(rest, text)
    return { ...found, total: found.total + occurrences(String(query), text) }
  }
  // A part is a body of its own: only that the text is somewhere in them is known.
  const total =
    mode === 'parts' ? Math.min(1, occurrences(new TextDecoder().decode(bytes), text)) : 0
  return { ...nothingExpanded, text, total }
}
