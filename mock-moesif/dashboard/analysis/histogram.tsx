import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Aggregate } from '#mock-moesif/client/index.ts'
import { plural, shortClock } from '../text/format.ts'
import { weighted } from '../live/preferences.ts'
import { session } from '../live/session.ts'
import { type Bar, barsOf } from '../live/timeline.ts'
import { filterByTime } from '../query/time-range.ts'

const classNames = ['other', '2xx', '3xx', '4xx', '5xx'] as const
const height = 44

/**
 * Events over time by status class: of all rows held, or as the mock added them up. Dragging over it asks for that time only.
 */
export function Histogram({ aggregate }: { aggregate: Aggregate | null }) {
  const place = useRef<HTMLDivElement>(null)
  const bars = useSignal<Bar[]>([])
  const drag = useSignal<{ from: number; to: number } | null>(null)
  const { rows } = session.list
  useEffect(() => {
    let seen = -1
    const read = () => {
      if (rows.drawn.peek() === seen) return
      seen = rows.drawn.peek()
      const limit = Math.max(20, Math.floor((place.current?.clientWidth ?? 800) / 9))
      bars.value = rows.timeline.bars(limit)
    }
    // Four times a second is live enough for bars, and leaves the frames to the list.
    const timer = setInterval(read, 250)
    read()
    return () => clearInterval(timer)
  }, [rows])

  const shown = aggregate === null ? bars.value : barsOf(aggregate, weighted.value)
  const highest = Math.max(1, ...shown.map((bar) => bar.total))
  const indexAt = (event: PointerEvent) => {
    const box = place.current?.getBoundingClientRect()
    if (!box || box.width === 0) return 0
    const at = Math.floor(((event.clientX - box.left) / box.width) * shown.length)
    return Math.max(0, Math.min(shown.length - 1, at))
  }
  const range = drag.value && [
    Math.min(drag.value.from, drag.value.to),
    Math.max(drag.value.from, drag.value.to),
  ]
  const first = shown[0]
  const last = shown.at(-1)

  return (
    <figure
      class="histogram"
      aria-label={`Events over time, ${plural(highest, 'event')} in the highest bar`}
    >
      <div
        ref={place}
        class="bars"
        onPointerDown={(event) => {
          if (event.button !== 0 || shown.length === 0) return
          // Or the browser selects text, and drags that the next time.
          event.preventDefault()
          place.current?.setPointerCapture(event.pointerId)
          drag.value = { from: indexAt(event), to: indexAt(event) }
        }}
        onPointerMove={(event) => {
          if (drag.value) drag.value = { ...drag.value, to: indexAt(event) }
        }}
        onPointerCancel={() => (drag.value = null)}
        onPointerUp={() => {
          const from = shown[range?.[0] ?? -1]
          const to = shown[range?.[1] ?? -1]
          drag.value = null
          if (from && to) filterByTime(from.from, to.to)
        }}
      >
        {shown.map((bar, index) => (
          <div
            key={bar.from}
            class={
              range && index >= (range[0] ?? 0) && index <= (range[1] ?? 0) ? 'bar taken' : 'bar'
            }
            title={describe(bar)}
          >
            {classNames.map((name, kind) => {
              const count = bar.counts[kind] ?? 0
              if (count === 0) return null
              const pixels = Math.max(1, Math.round((count / highest) * height))
              return <i key={name} class={`s${kind}`} style={{ height: `${pixels}px` }} />
            })}
          </div>
        ))}
      </div>
      <figcaption>
        <span>{first ? shortClock(first.from) : ''}</span>
        <span class="legend">
          {classNames.map((name, kind) => (
            <span key={name}>
              <i class={`s${kind}`} /> {name}
            </span>
          ))}
        </span>
        <span>{last ? shortClock(last.to) : ''}</span>
      </figcaption>
    </figure>
  )
}

function describe(bar: Bar): string {
  const parts = classNames.flatMap((name, kind) =>
    bar.counts[kind] ? [`${bar.counts[kind]} ${name}`] : [],
  )
  return `${shortClock(bar.from)}–${shortClock(bar.to)}: ${parts.join(', ') || 'none'}`
}
