import { useSignal } from '@preact/signals'
import { JsonTree } from '../body/json-tree.tsx'
import { parseExactly } from '../captured/exact-json.ts'
import { shapeOf } from '../captured/event-shape.ts'
import { Method, Status } from '../controls/badges.tsx'
import { Link } from '../controls/link.tsx'
import { visible } from '../text/captured-text.tsx'
import { plural } from '../text/format.ts'

const shownAtMost = 200

/** The events in a batch, or that it would have held: those of a refused batch were not stored. */
export function BatchEvents(props: { id: number; first: number | null; body: string }) {
  const { id, first, body } = props
  const events = eventsIn(body)
  if (!events?.length) return null
  return (
    <section class="card">
      <h2>
        {first === null
          ? `${plural(events.length, 'event')} that it would have held`
          : plural(events.length, 'event')}
      </h2>
      {first !== null && (
        <Link to={{ view: 'events', query: `batch:${id}`, event: null }}>
          Show them in the list
        </Link>
      )}
      <ul class="batch-events">
        {events.slice(0, shownAtMost).map((event, index) => (
          <li key={index} id={`posted-${index}`}>
            {first === null ? (
              <LostEvent event={event} />
            ) : (
              <Link to={{ view: 'events', query: '', event: first + index }}>
                <Line event={event} />
              </Link>
            )}
          </li>
        ))}
      </ul>
      {events.length > shownAtMost && (
        <p class="faint">and {plural(events.length - shownAtMost, 'more', 'more')}</p>
      )}
    </section>
  )
}

/** Opens one of the events: on its own page when it was stored, and otherwise here. */
export function showPosted(index: number | null): void {
  const place = document.getElementById(`posted-${index}`)
  const branch = place?.querySelector('details')
  if (branch) branch.open = true
  place?.scrollIntoView({ block: 'center' })
  place?.querySelector('a')?.click()
}

function LostEvent({ event }: { event: unknown }) {
  const open = useSignal(false)
  return (
    <details onToggle={({ currentTarget }) => (open.value = currentTarget.open)}>
      <summary>
        <Line event={event} />
      </summary>
      {open.value && <JsonTree value={event} field={null} />}
    </details>
  )
}

function Line({ event }: { event: unknown }) {
  const { request, response } = shapeOf(event)
  return (
    <span class="mono">
      <Method verb={request.verb} /> <Status status={response?.status ?? null} missing="–" />{' '}
      {visible(request.uri ?? 'no uri')}
    </span>
  )
}

/** Null when the body is not JSON. */
function eventsIn(body: string): unknown[] | null {
  try {
    const parsed = parseExactly(body)
    return Array.isArray(parsed) ? parsed : [parsed]
  } catch {
    return null
  }
}
