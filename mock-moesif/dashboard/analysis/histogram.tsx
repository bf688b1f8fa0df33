import type { Aggregate } from '#mock-moesif/client/index.ts'
import { plural, shortClock } from '../text/format.ts'
import { weighted } from '../live/preferences.ts'
import { filterByTime } from '../query/time-range.ts'
import { type Bar, barsOf } from './bars.ts'
import { useRange } from './use-range.ts'

const classNames = ['other', '2xx', '3xx', '4xx', '5xx'] as const
const height = 44

/** Events over time by status class. Dragging over it asks for that time only. */
export function Histogram({ aggregate }: { aggregate: Aggregate }) {
  const shown = barsOf(aggregate, weighted.value)
  const start = shown[0]
  const end = shown.at(-1)
  const { place, first, last, handlers } = useRange(shown.length, (from, to) => {
    const begin = shown[from]
    const finish = shown[to]
    if (begin && finish) filterByTime(begin.from, finish.to)
  })
  const highest = Math.max(1, ...shown.map((bar) => bar.total))

  return (
    <figure
      class="histogram"
      aria-label={`Events over time, ${plural(highest, 'event')} in the highest bar`}
    >
      <div ref={place} class="bars" {...handlers}>
        {shown.map((bar, index) => (
          <div
            key={bar.from}
            class={index >= first && index <= last ? 'bar taken' : 'bar'}
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
        <span>{start && shortClock(start.from)}</span>
        <span class="legend">
          {classNames.map((name, kind) => (
            <span key={name}>
              <i class={`s${kind}`} /> {name}
            </span>
          ))}
        </span>
        <span>{end && shortClock(end.to)}</span>
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
