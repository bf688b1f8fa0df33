import { useSignal } from '@preact/signals'
import type { AggregateSeries } from '#mock-moesif/client/index.ts'
import { visible } from '../text/captured-text.tsx'
import { duration, percent, shortClock } from '../text/format.ts'
import { filterByTime } from '../query/time-range.ts'
import { useRange } from './use-range.ts'
import { filledPoints, type Line, linesOf, type Metric } from './lines.ts'

const height = 96
const viewWidth = 1000

/** Error rate or latency over the whole query; dragging over it asks for that time only. */
export function SeriesChart(props: {
  metric: Exclude<Metric, 'events'>
  series: AggregateSeries[]
  intervalMs: number
}) {
  const { metric, series, intervalMs } = props
  const hover = useSignal<number | null>(null)
  const times = series.flatMap(({ points }) => points.map(({ at }) => at))
  const start = Math.min(...times)
  const end = Math.max(...times) + intervalMs
  const count = times.length === 0 ? 0 : Math.round((end - start) / intervalMs)
  const { place, indexAt, first, last, handlers } = useRange(count, (from, to) =>
    filterByTime(start + from * intervalMs, start + (to + 1) * intervalMs),
  )
  const lines = linesOf(metric, series)
  if (lines.every(({ points }) => points.every(({ value }) => value === null)))
    return (
      <p class="series faint" role="status">
        {metric === 'latency'
          ? 'No event that matches has the time of its response: their latency is not known.'
          : 'No event that matches has a response.'}
      </p>
    )
  const values = lines.flatMap((line) => line.points.map(({ value }) => value ?? 0))
  const top = metric === 'errors' ? Math.max(0.05, ...values) : Math.max(10, ...values)
  const write = metric === 'errors' ? percent : duration
  const x = (at: number) => ((at - start + intervalMs / 2) / (end - start)) * viewWidth
  const y = (value: number) => height - 2 - (value / top) * (height - 8)
  const left = first < 0 ? (hover.value ?? -1) : first
  const right = first < 0 ? left : last
  const shownAt = hover.value === null ? null : start + hover.value * intervalMs
  return (
    <figure class="series" aria-label={`${titles[metric]} over time, at most ${write(top)}`}>
      <div
        ref={place}
        class="series-plot"
        {...handlers}
        onPointerMove={(event) => {
          hover.value = indexAt(event)
          handlers.onPointerMove(event)
        }}
        onPointerLeave={() => (hover.value = null)}
      >
        {left >= 0 && (
          <i
            class="series-range"
            style={{
              left: `${(100 * left) / count}%`,
              width: `${(100 * (right - left + 1)) / count}%`,
            }}
          />
        )}
        <svg viewBox={`0 0 ${viewWidth} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          {lines.map((line, index) => (
            <g key={line.name} class={`line line-${index}`}>
              {filledPoints(line).map((points, part) => (
                <polyline
                  key={part}
                  // The first again: a line of one point has no length, and is drawn as a dot.
                  points={[points[0]!, ...points]
                    .map(({ at, value }) => `${x(at)},${y(value)}`)
                    .join(' ')}
                  vector-effect="non-scaling-stroke"
                />
              ))}
            </g>
          ))}
        </svg>
        <span class="series-top mono faint">{write(top)}</span>
      </div>
      <figcaption>
        <span>{shortClock(start)}</span>
        <span class="legend">
          {lines.map((line, index) => (
            <span key={line.name}>
              <i class={`line-${index}`} /> {visible(line.name)}
              {shownAt !== null && <b class="mono"> {write(valueAt(line, shownAt))}</b>}
            </span>
          ))}
          {shownAt !== null && <span class="mono">{shortClock(shownAt)}</span>}
        </span>
        <span>{shortClock(end)}</span>
      </figcaption>
    </figure>
  )
}

const titles = { errors: 'Error rate', latency: 'Latency' }

function valueAt(line: Line, at: number): number | null {
  return line.points.find((point) => point.at === at)?.value ?? null
}
