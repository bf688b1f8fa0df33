import type { BatchSummary } from '#mock-moesif/client/index.ts'
import { visible } from '../text/captured-text.tsx'
import { amount, duration, plural } from '../text/format.ts'
import { optionOf } from '../live/gateway.ts'
import { waitOf } from './batch-wait.ts'

const shown = 80
const height = 46

/** The charts have the latest batches of this many applications; the table has all. */
const applicationsShown = 4

/**
 * The latest batches of each application, oldest at the left: how full and how old each was when it left. Every sender has
 * limits of its own; those of the gateway in front are known.
 */
export function BatchCharts({ list }: { list: readonly BatchSummary[] }) {
  const byApplication = Map.groupBy(list, (one) => one.applicationId)
  return (
    <div class="charts">
      {[...byApplication].slice(0, applicationsShown).map(([application, batches]) => (
        <ApplicationCharts
          key={application}
          application={application}
          recent={batches.slice(0, shown).toReversed()}
        />
      ))}
    </div>
  )
}

function ApplicationCharts(props: { application: string; recent: readonly BatchSummary[] }) {
  const { application, recent } = props
  const sizeLimit = optionOf(application, 'batch_max_size', 100)
  const waitLimit = optionOf(application, 'batch_max_wait', 2000)
  return (
    <div class="strips">
      <Strip
        title="Events in a batch"
        application={application}
        limit={sizeLimit}
        limitText={sizeLimit === null ? '' : `batch_max_size ${amount(sizeLimit)}`}
        values={recent.map((one) => ({
          id: one.id,
          value: one.eventCount,
          text: plural(one.eventCount, 'event'),
        }))}
      />
      <Strip
        title="Wait of its oldest event"
        application={application}
        limit={waitLimit}
        limitText={waitLimit === null ? '' : `batch_max_wait ${duration(waitLimit)}`}
        values={recent.map((one) => {
          const { ms, text } = waitOf(one)
          return { id: one.id, value: ms ?? 0, text: ms === null ? 'wait unknown' : text }
        })}
      />
    </div>
  )
}

function Strip(props: {
  title: string
  application: string
  /** Null when it is unknown. */
  limit: number | null
  limitText: string
  values: { id: number; value: number; text: string }[]
}) {
  const { title, application, limit, limitText, values } = props
  const most = limit === null ? Infinity : limit * 2
  const top = Math.max((limit ?? 1) * 1.15, ...values.map(({ value }) => Math.min(value, most)))
  const pixels = (value: number) => Math.round((Math.min(value, top) / top) * height)
  return (
    <figure class="strip">
      <figcaption>
        <span>
          {title} <span class="faint mono">{visible(application)}</span>
        </span>
        <span class="faint mono">{limitText}</span>
      </figcaption>
      <div class="strip-bars">
        {limit !== null && <i class="limit" style={{ bottom: `${pixels(limit)}px` }} />}
        {values.map(({ id, value, text }) => (
          <span key={id} title={`Batch ${id}: ${text}`}>
            <i
              class={limit !== null && value >= limit ? 'reached' : ''}
              style={{ height: `${Math.max(2, pixels(value))}px` }}
            />
          </span>
        ))}
      </div>
    </figure>
  )
}
