import { droppedInAll, eventSums } from '#mock-moesif/client/index.ts'
import { amount, shortClock } from '../text/format.ts'
import { samples } from '../live/gateway.ts'

const width = 300
const height = 48

interface Point {
  at: number
  value: number
}

/** What the plugin counts by the second, and what it holds. */
export function CountersOverTime() {
  const sums = samples.value.map(({ at, counters }) => {
    const sum = eventSums(counters)
    return { at, sum: { ...sum, droppedTotal: droppedInAll(sum) } }
  })
  if (sums.length < 2) return null
  type Name = 'captured' | 'sent' | 'droppedTotal'
  const rate = (name: Name): Point[] =>
    sums.slice(1).map(({ at, sum }, index) => {
      const before = sums[index]!
      // An Envoy that was started anew counts from 0.
      const more = Math.max(0, sum[name] - before.sum[name])
      return { at, value: (1000 * more) / Math.max(1, at - before.at) }
    })
  return (
    <section class="card" aria-label="Counters over time">
      <h2>Since {shortClock(sums[0]!.at)}</h2>
      <div class="curves">
        <Curve name="captured" unit="/s" points={rate('captured')} />
        <Curve name="sent" unit="/s" points={rate('sent')} />
        <Curve name="dropped" unit="/s" points={rate('droppedTotal')} />
        <Curve
          name="pending"
          unit=""
          points={sums.map(({ at, sum }) => ({ at, value: sum.pending }))}
        />
      </div>
    </section>
  )
}

const write = (value: number) =>
  value > 0 && value < 10 && !Number.isInteger(value) ? value.toFixed(1) : amount(value)

function Curve({ name, unit, points }: { name: string; unit: string; points: Point[] }) {
  const most = Math.max(...points.map(({ value }) => value))
  const start = points[0]!.at
  const span = Math.max(1, points.at(-1)!.at - start)
  const line = points.map(
    ({ at, value }) =>
      `${(width * (at - start)) / span},${height - 1 - (value / (most || 1)) * (height - 4)}`,
  )
  return (
    <figure class="curve" aria-label={`${name}, at most ${write(most)}${unit}`}>
      <figcaption>
        {name} <b class="mono">{write(points.at(-1)!.value) + unit}</b>{' '}
        <span class="faint">at most {write(most) + unit}</span>
      </figcaption>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        <polyline points={line.join(' ')} vector-effect="non-scaling-stroke" />
      </svg>
    </figure>
  )
}
