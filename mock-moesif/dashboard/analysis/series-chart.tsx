import '../styles/analysis.css'
import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import type { AggregateSeries } from '#mock-moesif/client/index.ts'
import { visible } from '../text/captured-text.tsx'
import { duration, percent, shortClock } from '../text/format.ts'
import { filterByTime } from '../query/time-range.ts'
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
  const place = useRef<HTMLDivElement>(null)
  const drag = useSignal<{ from: number; to: number } | null>(null)
  const hover = useSignal<number | null>(null)
  const times = series.flatMap(({ points }) => points.map(({ at }) => at))
  if (times.length === 0) return null
  const start = Math.min(...times)
  const end = Math.max(...times) + intervalMs
  const count = Math.round((end - start) / intervalMs)
  const lines = linesOf(metric, series)
  const values = lines.flatMap((line) => line.points.map(({ value }) => value ?? 0))
  const top = metric === 'errors' ? Math.max(0.05, ...values) : Math.max(10, ...values)
  const write = metric === 'errors' ? percent : duration
  const x = (at: number) => ((at - start + intervalMs / 2) / (end - start)) * viewWidth
  const y = (value: number) => height - 2 - (value / top) * (height - 8)
  const indexAt = (event: PointerEvent) => {
    const box = place.current?.getBoundingClientRect()
    if (!box || box.width === 0) return 0
    const at = Math.floor(((event.clientX - box.left) / box.width) * count)
    return Math.max(0, Math.min(count - 1, at))
  }
  const taken = drag.value
  const left = taken ? Math.min(taken.from, taken.to) : (hover.value ?? -1)
  const right = taken ? Math.max(taken.from, taken.to) : left
  const shownAt = hover.value === null ? null : start + hover.value * intervalMs
  return (
    <figure class="series" aria-label={`${titles[metric]} over time, at most ${write(top)}`}>
      <div
        ref={place}
        class="series-plot"
        onPointerDown={(event) => {
          if (event.button !== 0) return
          event.preventDefault()
          place.current?.setPointerCapture(event.pointerId)
          drag.value = { from: indexAt(event), to: indexAt(event) }
        }}
        onPointerMove={(event) => {
          hover.value = indexAt(event)
          if (drag.value) drag.value = { ...drag.value, to: indexAt(event) }
        }}
        onPointerLeave={() => (hover.value = null)}
        onPointerCancel={() => (drag.value = null)}
        onPointerUp={() => {
          const range = drag.value
          drag.value = null
          if (range)
            filterByTime(
              start + Math.min(range.from, range.to) * intervalMs,
              start + (Math.max(range.from, range.to) + 1) * intervalMs,
            )
        }}
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
              {filledPoints(line).map((points, part) =>
                points.length === 1 && points[0] ? (
                  <path
                    key={part}
                    d={`M${x(points[0].at) - 2},${y(points[0].value)}h4`}
                    vector-effect="non-scaling-stroke"
                  />
                ) : (
                  <polyline
                    key={part}
                    points={points.map(({ at, value }) => `${x(at)},${y(value)}`).join(' ')}
                    vector-effect="non-scaling-stroke"
                  />
                ),
              )}
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
