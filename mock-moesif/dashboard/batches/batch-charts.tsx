import type { BatchSummary } from '#mock-moesif/client/index.ts'
import { amount, duration } from '../live/format.ts'
import { option } from '../live/gateway.ts'
import { waitOf } from './batch-wait.ts'

const shown = 80
const height = 46

/** The latest batches, oldest at the left: how full and how old each was when it left, against what was allowed. */
export function BatchCharts({ list }: { list: readonly BatchSummary[] }) {
  const recent = list.slice(0, shown).toReversed()
  const sizeLimit = option('batch_max_size', 100)
  const waitLimit = option('batch_max_wait', 2000)
  return (
    <div class="strips">
      <Strip
        title="Events in a batch"
        limit={sizeLimit}
        limitText={`batch_max_size ${amount(sizeLimit)}`}
        values={recent.map((one) => ({
          id: one.id,
          value: one.eventCount,
          text: `${one.eventCount} events`,
        }))}
      />
      <Strip
        title="Wait of its oldest event"
        limit={waitLimit}
        limitText={`batch_max_wait ${duration(waitLimit)}`}
        values={recent.map((one) => {
          const wait = waitOf(one)
          return {
            id: one.id,
            value: wait ?? 0,
            text: wait === null ? 'wait unknown' : duration(wait),
          }
        })}
      />
    </div>
  )
}

function Strip(props: {
  title: string
  limit: number
  limitText: string
  values: { id: number; value: number; text: string }[]
}) {
  const { title, limit, limitText, values } = props
  const top = Math.max(limit * 1.15, ...values.map(({ value }) => Math.min(value, limit * 2)))
  const pixels = (value: number) => Math.round((Math.min(value, top) / top) * height)
  return (
    <figure class="strip">
      <figcaption>
        <span>{title}</span>
        <span class="faint mono">{limitText}</span>
      </figcaption>
      <div class="strip-bars">
        <i class="limit" style={{ bottom: `${pixels(limit)}px` }} />
        {values.map(({ id, value, text }) => (
          <span key={id} title={`Batch ${id}: ${text}`}>
            <i
              class={value >= limit ? 'reached' : ''}
              style={{ height: `${Math.max(2, pixels(value))}px` }}
            />
          </span>
        ))}
      </div>
    </figure>
  )
}
